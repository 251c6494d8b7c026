// The weak sentences of the made-up commune, each with a place to rewrite it and what the reader says of the new one.
//
//   new Repairs({ repairs, longest, onChange({typing}) })   .node .texts() .setTexts({id: text}) .setDisabled(flag) .tell({id: result})

import { h, paragraphs, uid } from "./dom.js";
import { t } from "./i18n.js";
import { Review } from "./smart_review.js";

export class Repairs {
  constructor({ repairs, longest, onChange }) {
    this.longest = longest;
    this.onChange = onChange;
    this.entries = new Map();
    this.node = h("ol", { class: "ix-w-records ix-w-repairs" }, repairs.map((repair, index) => this.build(repair, index + 1)));
  }

  build({ id, text, hint, sample }, count) {
    const own = uid("repair");
    const input = h("textarea", { id: own, class: "ix-w-input", rows: "3", maxlength: String(this.longest), "aria-describedby": `${own}-weak` });
    const copy = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Chép câu gốc xuống để sửa"));
    const answer = h("details", { class: "ix-w-example", hidden: true }, h("summary", {}, t("Xem một cách viết")), h("p", {}, sample));
    const entry = { input, copy, answer, review: new Review(this.longest), typing: false };
    input.addEventListener("input", () => {
      entry.typing = true;
      this.look(entry);
      this.onChange({ typing: true });
    });
    // "change" also fires on leaving a field whose text another window replaced meanwhile; only typing counts.
    input.addEventListener("change", () => {
      if (entry.typing) this.onChange({ typing: false });
      entry.typing = false;
    });
    copy.addEventListener("click", () => {
      input.value = text;
      input.focus();
      this.look(entry);
      this.onChange({ typing: false });
    });
    this.entries.set(id, entry);
    return h(
      "li",
      { class: "ix-w-record ix-w-repair" },
      h("p", { class: "ix-w-repair-title" }, t("Câu {count}", { count })),
      h("blockquote", { class: "ix-w-weak", id: `${own}-weak` }, text),
      hint ? h("details", { class: "ix-w-example" }, h("summary", {}, t("Gợi ý")), paragraphs(hint)) : null,
      h("div", { class: "ix-w-field ix-w-field-long" }, h("label", { for: own }, t("Viết lại câu {count}", { count })), input, h("div", { class: "ix-w-repair-copy" }, copy)),
      entry.review.node,
      answer,
    );
  }

  // Copying is offered while there is nothing that it would replace.
  look(entry) {
    entry.copy.hidden = entry.input.value.trim() !== "";
  }

  texts() {
    return Object.fromEntries([...this.entries].map(([id, { input }]) => [id, input.value]));
  }

  setTexts(texts) {
    for (const [id, entry] of this.entries) {
      const text = typeof texts[id] === "string" ? texts[id] : "";
      if (entry.input.value !== text) entry.input.value = text;
      entry.typing = false;
      if (!text) entry.review.clear();
      this.look(entry);
    }
  }

  setDisabled(flag) {
    for (const { input, copy } of this.entries.values()) {
      input.readOnly = flag;
      copy.disabled = flag;
    }
  }

  tell(results) {
    for (const [id, entry] of this.entries) {
      const result = results[id];
      if (!result) continue;
      entry.review.show(result);
      // The sample comes after an attempt of one's own.
      if (result.state === "read") entry.answer.hidden = false;
    }
  }
}

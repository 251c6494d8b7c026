// The officer's own PDCA cycle: a field for the problem and one for each step, with a hint, an example and a count of words.

import { fill, h, paragraphs, uid } from "./dom.js";
import { number, t } from "./i18n.js";
import { countWords } from "./question_text.js";

export class CycleForm {
  constructor(cycle, onChange) {
    this.least = cycle.min_words || 0;
    this.fields = new Map();
    this.node = h(
      "div",
      { class: "ix-w-cycle" },
      h("h3", { class: "ix-w-title" }, t("Vòng PDCA của đơn vị anh/chị")),
      paragraphs(cycle.intro),
      cycle.fields.map((field) => this.field(field, onChange)),
    );
  }

  field({ id, label, hint, example }, onChange) {
    const own = uid("cycle");
    const help = h("p", { class: "ix-w-hint", id: `${own}-hint` }, hint || "");
    const count = h("p", { class: "ix-w-hint ix-w-count", id: `${own}-count` });
    const input = h("textarea", { id: own, class: "ix-w-input", rows: "3", maxlength: "4000", "aria-describedby": `${help.id} ${count.id}` });
    const entry = { input, count, typing: false };
    input.addEventListener("input", () => {
      entry.typing = true;
      this.tell(id);
      onChange(true);
    });
    // "change" also fires on leaving a field whose text another window replaced meanwhile; only typing counts.
    input.addEventListener("change", () => {
      if (entry.typing) onChange(false);
      entry.typing = false;
    });
    this.fields.set(id, entry);
    this.tell(id);
    return h(
      "div",
      { class: "ix-w-field" },
      h("label", { for: own }, label),
      help,
      input,
      count,
      example ? h("details", { class: "ix-w-example" }, h("summary", {}, t("Xem ví dụ")), paragraphs(example)) : null,
    );
  }

  tell(id, missing = false) {
    const { input, count } = this.fields.get(id);
    const words = countWords(input.value);
    const enough = words >= this.least;
    count.classList.toggle("ix-w-problem", missing && !enough);
    const text = enough ? t("{words} từ", { words: number(words) }) : t("{words} từ (cần ít nhất {least} từ)", { words: number(words), least: number(this.least) });
    fill(count, document.createTextNode(text));
  }

  showMissing(ids) {
    for (const id of ids) if (this.fields.has(id)) this.tell(id, true);
  }

  texts() {
    return Object.fromEntries([...this.fields].map(([id, { input }]) => [id, input.value]));
  }

  setTexts(texts) {
    for (const [id, entry] of this.fields) {
      const { input } = entry;
      const text = typeof texts[id] === "string" ? texts[id] : "";
      // Not touched when it is the same: the cursor of someone writing stays where it is.
      if (input.value !== text) input.value = text;
      entry.typing = false;
      this.tell(id);
    }
  }

  setDisabled(flag) {
    for (const { input } of this.fields.values()) input.readOnly = flag;
  }
}

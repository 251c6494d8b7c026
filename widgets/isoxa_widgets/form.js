// A fixed set of labelled fields, as one record of `records.js`: for what an officer writes once, not a list of it.
//
//   new FieldsForm({ fields, onChange({typing}) })
//   fields: [{id, label, hint?, example?, kind: "text" | "long" | "date"}]
//
// `.node`, `.values()` -> {id: text}, `.setValues({…})`, `.setDisabled(flag)`, `.mark({id: words})` shows what is missing.

import { dayNote, filled } from "./day_note.js";
import { fill, h, paragraphs, uid } from "./dom.js";
import { t } from "./i18n.js";

const LONGEST = "4000";

export class FieldsForm {
  constructor({ fields, onChange }) {
    this.onChange = onChange;
    this.fields = new Map();
    this.node = h("div", { class: "ix-w-form" }, fields.map((field) => this.field(field)));
  }

  field({ id, label, hint, example, kind = "text" }) {
    const own = uid("field");
    const problem = h("p", { class: "ix-w-problem", id: `${own}-problem` });
    const props = { id: own, class: "ix-w-input", maxlength: LONGEST, "aria-describedby": `${hint ? `${own}-hint ` : ""}${problem.id}` };
    const input = kind === "long" ? h("textarea", { ...props, rows: "2" }) : h("input", { ...props, type: kind, autocomplete: "off" });
    const entry = { input, problem, typing: false };
    input.addEventListener("input", () => {
      entry.typing = true;
      this.clear(entry);
      this.onChange({ typing: true });
    });
    // "change" also fires on leaving a field whose text another window replaced meanwhile; only typing counts.
    input.addEventListener("change", () => {
      if (entry.typing) this.onChange({ typing: false });
      entry.typing = false;
    });
    this.fields.set(id, entry);
    return h(
      "div",
      { class: `ix-w-field ix-w-field-${kind}` },
      h("label", { for: own }, label),
      hint ? h("p", { class: "ix-w-hint", id: `${own}-hint` }, hint) : null,
      input,
      kind === "date" ? dayNote(input) : null,
      problem,
      example ? h("details", { class: "ix-w-example" }, h("summary", {}, t("Xem ví dụ")), paragraphs(example)) : null,
    );
  }

  clear(entry) {
    fill(entry.problem);
    entry.input.removeAttribute("aria-invalid");
  }

  values() {
    return Object.fromEntries([...this.fields].map(([id, { input }]) => [id, input.value]));
  }

  setValues(values) {
    for (const [id, entry] of this.fields) {
      const text = values !== null && typeof values === "object" && typeof values[id] === "string" ? values[id] : "";
      // Not touched when it is the same: the cursor of someone writing stays where it is.
      if (entry.input.value !== text) {
        entry.input.value = text;
        filled(entry.input);
      }
      entry.typing = false;
      this.clear(entry);
    }
  }

  setDisabled(flag) {
    for (const { input } of this.fields.values()) input.readOnly = flag;
  }

  mark(words) {
    for (const [id, entry] of this.fields) {
      this.clear(entry);
      if (!words[id]) continue;
      fill(entry.problem, document.createTextNode(words[id]));
      entry.input.setAttribute("aria-invalid", "true");
    }
  }
}

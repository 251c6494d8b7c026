// A list of records the officer adds to: each a card of labelled fields, the same on a phone and on a wide screen, and all of
// it within reach of the keyboard. Used for plans, registers, checklists, actions.
//
//   new Records({ title, fields, add, most, onChange({typing}), onBuilt(record), nameOf(record, records) })
//   fields: [{id, label, hint?, kind: "text" | "long" | "date" | "select", options?: [{id, text}], value?: default}]
//
// `.node`, `.values()` -> [{id, …}], `.setValues([…])`, `.setDisabled(flag)`, `.mark(id, {field: words})` shows what is
// missing, `.focus(id)`. A record keeps its id for good: other parts of a state may point at it.

import { dayNote, filled } from "./day_note.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { number, t } from "./i18n.js";

const LONGEST = "2000";

export class Records {
  constructor({ title, fields, add, most = 40, onChange, onBuilt = null, nameOf = null }) {
    this.title = title;
    this.nameOf = nameOf;
    this.fields = fields;
    this.most = most;
    this.onChange = onChange;
    this.onBuilt = onBuilt;
    this.records = [];
    this.disabled = false;
    this.list = h("ol", { class: "ix-w-records" });
    this.full = h("p", { class: "ix-w-hint", role: "status" });
    this.adder = h("button", { type: "button", class: "ix-w-button" }, add);
    this.adder.addEventListener("click", () => this.addOne());
    this.node = h("div", { class: "ix-w-records-block" }, this.list, h("div", { class: "ix-w-actions" }, this.adder), this.full);
  }

  addOne(value = {}) {
    if (this.disabled || this.records.length >= this.most) return null;
    const record = this.build({ id: freshId(this.records), ...value });
    this.renumber();
    this.onChange({ typing: false });
    const first = record.inputs.values().next().value;
    if (first) first.focus();
    return record;
  }

  build(value) {
    const record = { id: value.id, inputs: new Map(), problems: new Map(), heading: h("h4", { class: "ix-w-record-title" }) };
    const own = uid("record");
    const remove = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Xóa"));
    remove.addEventListener("click", () => this.remove(record));
    record.remove = remove;
    record.node = h("li", { class: "ix-w-record", "aria-labelledby": own }, h("div", { class: "ix-w-record-head" }, record.heading, remove));
    record.heading.id = own;
    for (const field of this.fields) record.node.append(this.field(record, field, value[field.id]));
    record.extra = h("div", { class: "ix-w-record-extra" });
    record.node.append(record.extra);
    this.records.push(record);
    this.list.append(record.node);
    this.disableOne(record);
    if (this.onBuilt) this.onBuilt(record, this);
    return record;
  }

  field(record, { id, label, hint, kind = "text", options = [], value: initial = "" }, value) {
    const own = uid("field");
    const problem = h("p", { class: "ix-w-problem", id: `${own}-problem` });
    const props = { id: own, class: "ix-w-input", "aria-describedby": `${hint ? `${own}-hint ` : ""}${problem.id}` };
    let input;
    if (kind === "select") {
      input = h("select", props, h("option", { value: "" }, t("Chọn…")), options.map((one) => h("option", { value: one.id }, one.text)));
    } else if (kind === "long") {
      input = h("textarea", { ...props, rows: "2", maxlength: LONGEST });
    } else {
      input = h("input", { ...props, type: kind === "date" ? "date" : "text", maxlength: LONGEST, autocomplete: "off" });
    }
    setValue(input, typeof value === "string" ? value : initial);
    input.addEventListener("input", () => {
      fill(problem);
      input.removeAttribute("aria-invalid");
      this.onChange({ typing: kind !== "select" });
    });
    input.addEventListener("change", () => this.onChange({ typing: false }));
    record.inputs.set(id, input);
    record.problems.set(id, problem);
    return h("div", { class: `ix-w-field ix-w-field-${kind}` }, h("label", { for: own }, label), hint ? h("p", { class: "ix-w-hint", id: `${own}-hint` }, hint) : null, input, kind === "date" ? dayNote(input) : null, problem);
  }

  remove(record) {
    if (this.disabled) return;
    const at = this.records.indexOf(record);
    const [gone] = this.records.splice(at, 1);
    const kept = { ...valueOf(gone) };
    gone.node.remove();
    this.renumber();
    // One step back instead of a question before: nothing typed is lost by a slip of the finger.
    const undo = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Lấy lại"));
    undo.addEventListener("click", () => {
      const values = this.values();
      values.splice(at, 0, kept);
      this.setValues(values);
      this.onChange({ typing: false });
      this.focus(kept.id);
    });
    fill(this.full, document.createTextNode(`${t("Đã xóa {name}.", { name: `${this.title} ${number(at + 1)}` })} `), undo);
    this.onChange({ typing: false });
    undo.focus();
  }

  renumber() {
    this.records.forEach((record, index) => {
      record.heading.textContent = this.nameOf ? this.nameOf(record, this.records) : `${this.title} ${number(index + 1)}`;
      record.remove.setAttribute("aria-label", t("Xóa {name}", { name: record.heading.textContent }));
    });
    const full = this.records.length >= this.most;
    this.adder.hidden = full;
    fill(this.full, full ? document.createTextNode(t("Đã đủ {most} mục.", { most: number(this.most) })) : null);
  }

  values() {
    return this.records.map(valueOf);
  }

  setValues(values) {
    const wanted = (Array.isArray(values) ? values : []).filter((one) => one !== null && typeof one === "object" && typeof one.id === "string").slice(0, this.most);
    // The same records in the same order are filled in place: the cursor of someone writing stays where it is.
    if (wanted.length === this.records.length && wanted.every((one, index) => one.id === this.records[index].id)) {
      wanted.forEach((one, index) => {
        for (const [id, input] of this.records[index].inputs) setValue(input, typeof one[id] === "string" ? one[id] : "");
      });
    } else {
      this.records = [];
      this.list.replaceChildren();
      wanted.forEach((one) => this.build(one));
    }
    this.renumber();
  }

  setDisabled(flag) {
    this.disabled = flag;
    this.adder.disabled = flag;
    this.records.forEach((record) => this.disableOne(record));
  }

  disableOne(record) {
    record.remove.disabled = this.disabled;
    for (const input of record.inputs.values()) input.disabled = this.disabled;
  }

  /** Show what is missing in a record: {field id: words}. An empty object clears it. */
  mark(id, words) {
    const record = this.records.find((one) => one.id === id);
    if (!record) return;
    for (const [field, place] of record.problems) {
      const text = words[field] || "";
      fill(place, text ? document.createTextNode(text) : null);
      if (text) record.inputs.get(field).setAttribute("aria-invalid", "true");
      else record.inputs.get(field).removeAttribute("aria-invalid");
    }
  }

  focus(id) {
    const record = this.records.find((one) => one.id === id);
    if (record) focusOn(record.node);
  }
}

function setValue(input, value) {
  if (input.value === value) return;
  input.value = value;
  filled(input);
}

function valueOf(record) {
  return { id: record.id, ...Object.fromEntries([...record.inputs].map(([id, input]) => [id, input.value])) };
}

function freshId(records) {
  const taken = new Set(records.map((one) => one.id));
  for (let next = records.length + 1; ; next += 1) if (!taken.has(`r${next}`)) return `r${next}`;
}

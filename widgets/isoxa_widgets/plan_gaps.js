// A made-up plan with holes: in each row the officer ticks the columns that are empty or too vague.
//
//   new Gaps({ rows: [{id, cells}], columns: [{id, text}], onChange() })
//   .node  .found() -> {row: [columns]}  .setFound({…})  .setDisabled(flag)  .tell([{row, right, found, extra, left, why}])

import { fill, h, paragraphs, uid } from "./dom.js";
import { number, t } from "./i18n.js";

export class Gaps {
  constructor({ rows, columns, onChange }) {
    this.columns = columns;
    this.onChange = onChange;
    this.rows = new Map();
    this.node = h("div", { class: "ix-w-gaps" }, rows.map((row, index) => this.build(row, index + 1)));
  }

  build({ id, cells }, count) {
    const row = { inputs: new Map(), notes: new Map(), result: h("div", { class: "ix-w-gap-result" }) };
    const choices = this.columns.map((column) => this.cell(row, column, cells[column.id]));
    this.rows.set(id, row);
    return h("fieldset", { class: "ix-w-gap-row" }, h("legend", {}, t("Dòng {count}: cột nào còn thiếu hoặc quá chung chung?", { count: number(count) })), h("div", { class: "ix-w-gap-cells" }, choices), row.result);
  }

  cell(row, { id, text }, written) {
    const input = h("input", { type: "checkbox", id: uid("gap") });
    const note = h("span", { class: "ix-w-gap-note" });
    input.addEventListener("change", () => {
      this.clear(row);
      this.onChange();
    });
    row.inputs.set(id, input);
    row.notes.set(id, note);
    const words = written ? h("span", { class: "ix-w-gap-text" }, written) : h("span", { class: "ix-w-gap-text ix-w-gap-empty" }, t("(để trống)"));
    return h("label", { class: "ix-w-gap-cell", for: input.id }, input, h("span", { class: "ix-w-gap-words" }, h("strong", {}, text), words, note));
  }

  clear(row) {
    fill(row.result);
    for (const [id, note] of row.notes) {
      note.textContent = "";
      row.inputs.get(id).parentNode.classList.remove("ix-w-gap-good", "ix-w-gap-bad");
    }
  }

  found() {
    return Object.fromEntries([...this.rows].map(([id, { inputs }]) => [id, [...inputs].filter(([, input]) => input.checked).map(([column]) => column)]));
  }

  setFound(found) {
    for (const [id, row] of this.rows) {
      const named = Array.isArray(found[id]) ? found[id] : [];
      for (const [column, input] of row.inputs) input.checked = named.includes(column);
      this.clear(row);
    }
  }

  setDisabled(flag) {
    for (const { inputs } of this.rows.values()) for (const input of inputs.values()) input.disabled = flag;
  }

  tell(results) {
    for (const { row: id, right, found, extra, left, why } of results) {
      const row = this.rows.get(id);
      if (!row) continue;
      this.clear(row);
      for (const column of found) this.mark(row, column, true, t("✓ Đúng, cần viết lại ô này."));
      for (const column of extra) this.mark(row, column, false, t("✗ Ô này đã đủ rõ."));
      const words = right ? t("✓ Dòng này đã tìm đúng.") : left > 0 ? t("• Còn {left} cột chưa tìm ra.", { left: number(left) }) : t("• Có ô đã đủ rõ mà vẫn bị đánh dấu.");
      // A row that is not right yet keeps its reasons folded, so that one can try again first.
      const reasons = right ? h("div", { class: "ix-w-gap-why" }, paragraphs(why)) : h("details", { class: "ix-w-example" }, h("summary", {}, t("Xem giải thích")), paragraphs(why));
      fill(row.result, h("p", { class: right ? "ix-w-gap-told ix-w-gap-told-good" : "ix-w-gap-told" }, words), reasons);
    }
  }

  mark(row, column, good, words) {
    if (!row.inputs.has(column)) return;
    row.inputs.get(column).parentNode.classList.add(good ? "ix-w-gap-good" : "ix-w-gap-bad");
    row.notes.get(column).textContent = words;
  }
}

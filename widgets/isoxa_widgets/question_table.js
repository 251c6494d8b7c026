// Table fill (a 5W+1H plan, a checklist): a list to choose from in each open cell; a row is a card on a phone.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { answerOfSelects, letteredList, letteredOptions } from "./question_pairs.js";

/** More columns than this leave no room for a list in a cell: then every row is a card on wide screens too. */
const WIDEST_TABLE = 4;

export function renderTable({ question, problemId }, onChange) {
  const cells = new Map();
  const selects = new Map();
  const answer = answerOfSelects(selects);

  const drawCell = (cell, column, row) => {
    // The roles are said outright: as a card, a table's parts are no longer laid out as a table.
    const box = h("td", { class: "ix-w-part ix-w-fill-cell", role: "cell" }, h("span", { class: "ix-w-fill-column", "aria-hidden": "true" }, column));
    if (cell.id) {
      const select = h(
        "select",
        { class: "ix-w-input", "aria-label": `${row} – ${column}`, "aria-describedby": problemId, onchange: () => onChange(answer.get()) },
        letteredOptions(question.bank),
      );
      selects.set(cell.id, select);
      cells.set(cell.id, box);
      box.append(select);
    } else if (cell.text) {
      box.append(h("span", { class: "ix-w-fill-given" }, cell.text));
    } else {
      box.classList.add("ix-w-fill-empty");
    }
    return box;
  };

  const head = h(
    "tr",
    { role: "row" },
    h("td", { role: "cell" }),
    question.columns.map((column) => h("th", { scope: "col", role: "columnheader" }, column)),
  );
  const rows = question.rows.map((row) =>
    h(
      "tr",
      { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, row.text),
      row.cells.map((cell, index) => drawCell(cell, question.columns[index], row.text)),
    ),
  );
  const table = h(
    "table",
    { class: question.columns.length > WIDEST_TABLE ? "ix-w-fill ix-w-fill-cards" : "ix-w-fill", role: "table", "aria-label": t("Bảng cần điền") },
    h("thead", { role: "rowgroup" }, head),
    h("tbody", { role: "rowgroup" }, rows),
  );
  const bank = h("div", { class: "ix-w-fill-bank" }, h("p", { class: "ix-w-hint" }, t("Nội dung để chọn:")), letteredList(question.bank));
  return { node: h("div", {}, bank, table), ...answer, parts: () => cells };
}

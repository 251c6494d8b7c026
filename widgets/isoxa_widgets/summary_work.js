// What an officer made with the lesson's tools, as plain pages under the summary. The last document of a tool holds most (a
// report holds its plan), so it is the one that is open; what is open is printed.

import { fill, h } from "./dom.js";
import { t } from "./i18n.js";

export class OwnWork {
  constructor() {
    this.chosen = new Map();
    this.node = h("div", { class: "ix-w-summary-own" });
  }

  /** `documents` as `summary.py` gives them: [{item, kind, title, about, blocks}]. */
  show(documents) {
    const last = new Map(documents.map((one) => [one.item, one]));
    const pages = documents.map((one) => this.page(one, last.get(one.item) === one));
    fill(this.node, pages.length > 0 ? [h("h4", {}, t("Phần anh/chị đã làm cho đơn vị mình")), pages] : null);
  }

  page({ item, kind, title, about, blocks }, main) {
    const key = `${item}/${kind}`;
    const open = this.chosen.has(key) ? this.chosen.get(key) : main;
    const summary = h("summary", {}, title.charAt(0).toUpperCase() + title.slice(1));
    const page = h("details", { class: "ix-w-work", open }, summary, about ? h("p", { class: "ix-w-hint" }, about) : null, blocks.map((block) => blockNode(block, title)));
    // Kept as the reader left it when the text is brought up to date.
    summary.addEventListener("click", () => this.chosen.set(key, !page.open));
    return page;
  }
}

const WIDE = 6;

function blockNode({ heading, text, fields, columns, rows }, title) {
  if (heading) return h("h5", {}, text);
  if (fields) return h("dl", {}, fields.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
  if (!columns) return h("p", { class: "ix-w-work-text" }, text);
  const head = h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)));
  const body = rows.map((row) => h("tr", {}, row.map((cell, place) => h("td", { "data-column": columns[place] }, cell))));
  const table = h("table", {}, text ? h("caption", {}, text) : null, h("thead", {}, head), h("tbody", {}, body));
  // On a phone, and with many columns everywhere, each row is a card (summary.css): nothing is cut off at the edge of a
  // screen or of paper. What is still too wide moves inside its own frame, also by keyboard; the page never goes sideways.
  const wide = columns.length > WIDE ? " ix-w-work-wide" : "";
  return h("div", { class: `ix-w-work-scroll${wide}`, role: "region", tabindex: "0", "aria-label": t("Bảng trong: {title}", { title: text || title }) }, table);
}

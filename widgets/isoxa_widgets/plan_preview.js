// The officer's plan at a glance: a compact table (on a wide screen; on a phone the cards are that) and the line of time.
//
//   new Preview()  .node  .show([row])  .close()

import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { dayNumber, dayWords } from "./plan_days.js";
import { Timeline } from "./plan_timeline.js";

export class Preview {
  constructor() {
    this.timeline = new Timeline();
    this.rows = h("tbody", {});
    const heads = [t("Làm gì, vì sao"), t("Ai làm, ở đâu"), t("Khi nào"), t("Làm thế nào"), t("Nguồn lực"), t("Cách đánh giá")];
    this.table = h(
      "table",
      { class: "ix-w-plan-table" },
      h("caption", {}, t("Kế hoạch nhìn gọn")),
      h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
      this.rows,
    );
    this.node = h("div", { class: "ix-w-plan-preview" }, this.timeline.node, this.table);
  }

  show(rows) {
    // A row has the number of its card, even where a card above it is still empty.
    const used = rows.map((row, index) => ({ ...row, count: index + 1 })).filter((row) => Object.entries(row).some(([field, text]) => field !== "id" && typeof text === "string" && text.trim()));
    this.node.hidden = used.length === 0;
    fill(this.rows, used.map(tableRow));
    this.timeline.show(used);
  }

  close() {
    this.timeline.close();
  }
}

function tableRow({ count, what, why, who, where, start, end, how, resources, evaluation }) {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, `${number(count)}. `, what.trim() || missing(t("thiếu: làm gì")), second(why, t("thiếu: vì sao"))),
    h("td", {}, who.trim() || missing(t("thiếu: ai làm")), second(where, t("thiếu: ở đâu"))),
    h("td", {}, when(start, end)),
    [how, resources, evaluation].map((text) => h("td", {}, text.trim() || missing())),
  );
}

function when(start, end) {
  const first = dayNumber(start);
  const last = dayNumber(end);
  if (first === null && last === null) return missing();
  if (first !== null && last !== null && first > last) return h("span", { class: "ix-w-plan-missing" }, t("hoàn thành trước khi bắt đầu"));
  return [first === null ? missing(t("thiếu: bắt đầu")) : day(first), " – ", last === null ? missing(t("thiếu: hoàn thành")) : day(last)];
}

// A narrow column breaks long words; a day is one.
function day(number) {
  return h("span", { class: "ix-w-plan-day" }, dayWords(number));
}

function second(text, lack) {
  return h("div", { class: "ix-w-plan-second" }, text.trim() || missing(lack));
}

function missing(words = t("thiếu")) {
  return h("span", { class: "ix-w-plan-missing" }, words);
}

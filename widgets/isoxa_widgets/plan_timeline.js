// The rows of a plan on a line of time: for each its name and days, and below them its bar. Drawn to the width there is, so
// that the words are as large on a phone as on a wide screen.
//
//   new Timeline()  .node  .show([{count, what, start, end}])

import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { dayNumber, dayWords, monthsBetween } from "./plan_days.js";
import { svg } from "./svg.js";

const ROW = 46;
const TOP = 26;
const BAR = 14;
const LETTER = 7.6;
const TICK = 64;
const NARROW = 480;

export class Timeline {
  constructor() {
    this.bars = [];
    this.width = 0;
    this.title = h("p", { class: "ix-w-plan-title" });
    this.place = h("div", { class: "ix-w-timeline-place" });
    this.node = h("div", { class: "ix-w-timeline" }, this.title, this.place);
    this.observer = new ResizeObserver(() => {
      if (Math.abs(this.place.clientWidth - this.width) > 1) this.draw();
    });
    this.observer.observe(this.place);
  }

  close() {
    this.observer.disconnect();
  }

  show(rows) {
    this.bars = rows
      .map(({ count, what, start, end }) => ({ count, what: what.trim() || t("chưa ghi việc"), first: dayNumber(start), last: dayNumber(end) }))
      .filter(({ first, last }) => first !== null && last !== null && first <= last);
    this.node.hidden = this.bars.length === 0;
    this.draw();
  }

  draw() {
    this.width = this.place.clientWidth;
    if (this.bars.length === 0 || this.width === 0) {
      fill(this.place);
      return;
    }
    const from = Math.min(...this.bars.map(({ first }) => first));
    const to = Math.max(...this.bars.map(({ last }) => last)) + 1;
    const last = [...this.bars].sort((one, other) => other.last - one.last)[0];
    this.title.textContent = t("Kế hoạch từ {first} đến {last}; việc {count} xong sau cùng", { first: dayWords(from), last: dayWords(to - 1), count: number(last.count) });
    const at = (day) => ((day - from) / (to - from)) * (this.width - 2) + 1;
    const height = TOP + ROW * this.bars.length + 4;
    const told = this.bars.map((bar) => t("việc {count}, {what}: {first} đến {last}", { count: number(bar.count), what: bar.what, first: dayWords(bar.first), last: dayWords(bar.last) }));
    fill(
      this.place,
      svg(
        "svg",
        { width: this.width, height, viewBox: `0 0 ${this.width} ${height}`, role: "img", "aria-label": `${t("Sơ đồ thời gian")}: ${told.join("; ")}`, class: "ix-w-timeline-picture" },
        this.months(from, to, at, height),
        this.bars.map((bar, index) => this.bar(bar, TOP + ROW * index, at)),
      ),
    );
  }

  months(from, to, at, height) {
    const months = monthsBetween(from, to);
    const every = [1, 2, 3, 6, 12, 24, 60, 120, 1200].find((step) => (months.length / step) * TICK <= this.width) || 1200;
    let free = 0;
    return months.flatMap(({ day, month, year }) => {
      if ((year * 12 + month - 1) % every !== 0) return [];
      const x = at(day);
      const line = svg("line", { x1: x, x2: x, y1: TOP - 6, y2: height, class: "ix-w-timeline-line" });
      // A label that would touch its neighbour or leave the picture is left out; its line stays.
      if (x < free || x + TICK - 8 > this.width) return [line];
      free = x + TICK;
      return [line, svg("text", { x: x + 2, y: 14, class: "ix-w-timeline-month" }, `${String(month).padStart(2, "0")}/${year}`)];
    });
  }

  bar({ count, what, first, last }, y, at) {
    // The months above tell the year where there is no room for it here.
    const short = this.width < NARROW ? (day) => dayWords(day).slice(0, 5) : dayWords;
    const days = first === last ? short(first) : `${short(first)} – ${short(last)}`;
    const room = Math.max(8, Math.floor((this.width - days.length * LETTER - 16) / LETTER));
    const name = `${number(count)}. ${what}`;
    const x = at(first);
    return svg(
      "g",
      {},
      svg("text", { x: 1, y: y + 16, class: "ix-w-timeline-name" }, name.length > room ? `${name.slice(0, room - 1).trimEnd()}…` : name),
      svg("text", { x: this.width - 1, y: y + 16, "text-anchor": "end", class: "ix-w-timeline-days" }, days),
      svg("rect", { x, y: y + 22, width: Math.max(4, at(last + 1) - x), height: BAR, rx: 4, class: "ix-w-timeline-bar" }),
    );
  }
}

// How many lines of a checklist have each verdict: a bar each, with its word and number on it; the sentence above says the
// same for those who do not see it.

import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { svg } from "./svg.js";

const ROW = 30;
const LABEL = 128;
const WIDTH = 360;

export class VerdictCounts {
  constructor(verdicts) {
    this.verdicts = verdicts;
    this.title = h("p", { class: "ix-w-counts-title" });
    this.place = h("div", { class: "ix-w-counts" });
    this.node = h("div", {}, this.title, this.place);
    this.show([]);
  }

  show(rows) {
    const counts = this.verdicts.map(({ id, text }) => ({ id, text, count: rows.filter((row) => row.verdict === id).length }));
    const judged = counts.reduce((sum, one) => sum + one.count, 0);
    const sentence =
      judged === 0
        ? t("Chưa có nội dung nào được kết luận trong phiếu kiểm tra.")
        : t("Đã kết luận {judged} nội dung: {parts}.", { judged: number(judged), parts: counts.map((one) => `${number(one.count)} ${one.text.toLowerCase()}`).join(", ") });
    if (this.title.textContent !== sentence) this.title.textContent = sentence;
    fill(this.place, judged === 0 ? null : this.drawing(counts, sentence));
  }

  drawing(counts, sentence) {
    const most = Math.max(...counts.map((one) => one.count), 1);
    const room = WIDTH - LABEL - 40;
    const rows = counts.flatMap(({ id, text, count }, index) => {
      const y = index * ROW;
      const width = Math.max((room * count) / most, count > 0 ? 6 : 2);
      return [
        svg("text", { x: 0, y: y + 20 }, text),
        svg("rect", { x: LABEL, y: y + 5, width, height: ROW - 10, rx: 3, class: `ix-w-count-${id}` }),
        svg("text", { x: LABEL + width + 8, y: y + 20, class: "ix-w-count-number" }, number(count)),
      ];
    });
    return svg("svg", { viewBox: `0 0 ${WIDTH} ${ROW * counts.length}`, role: "img", "aria-label": sentence, class: "ix-w-counts-picture" }, rows);
  }
}

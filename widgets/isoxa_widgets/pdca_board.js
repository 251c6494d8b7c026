// The PDCA board as a widget: sort tasks into four boxes, check, read why; then write a cycle of one's own.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { CycleForm } from "./pdca_cycle.js";
import { SortingBoard } from "./pdca_sorting.js";
import { Tool, renderTool } from "./tool.js";

class PdcaBoard extends Tool {
  constructor(context) {
    super(context, { className: "ix-w-board" });
  }

  build(model) {
    const cycleStatus = h("div", { class: "ix-w-status-place" });
    this.board = new SortingBoard({ items: model.get("items"), boxes: model.get("boxes"), onChange: () => this.changed() });
    // The verdict is about the board; what is written does not change it.
    this.cycle = new CycleForm(model.get("cycle"), (typing) => this.changed({ typing, place: cycleStatus, keepVerdict: true }));
    return [this.board.node, this.checkRow(t("Kiểm tra bảng")), this.cycle.node, cycleStatus];
  }

  state() {
    return { placed: this.board.placed(), cycle: this.cycle.texts() };
  }

  show({ placed, cycle }) {
    this.board.setPlaced(placed || {});
    this.cycle.setTexts(cycle || {});
  }

  enable(flag) {
    this.board.setDisabled(!flag);
    this.cycle.setDisabled(!flag);
  }

  tell({ misplaced, unplaced, cycle_missing: missing, done }) {
    this.board.showReasons(misplaced, unplaced);
    const total = this.board.size;
    const right = total - misplaced.length - unplaced.length;
    const sorted = right === total;
    const lines = [h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, sorted ? "✓ " : "• "), t("{right} trên {total} việc ở đúng ô", { right, total }))];
    if (misplaced.length > 0) lines.push(h("p", {}, t("{count} việc cần xem lại: lý do ghi ngay dưới từng việc.", { count: misplaced.length })));
    if (unplaced.length > 0) lines.push(h("p", {}, t("{count} việc chưa xếp.", { count: unplaced.length })));
    if (sorted && missing.length > 0) {
      lines.push(h("p", {}, t("Bảng đã đúng. Anh/chị viết tiếp vòng PDCA của đơn vị mình ở phần dưới để hoàn thành.")));
      this.cycle.showMissing(missing);
    }
    if (done) {
      lines.push(h("p", {}, t("Anh/chị đã xếp đúng cả bảng và lập xong một vòng PDCA cho đơn vị mình.")));
      this.markDone(true);
    }
    this.showVerdict(sorted, lines);
  }
}

export default { render: renderTool(PdcaBoard) };

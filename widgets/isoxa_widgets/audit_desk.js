// The audit desk as a widget: judge the folder of evidence, piece by piece; then plan, carry out and report an audit of
// one's own unit. Two parts, each with its own button and verdict; the folder's verdict is about the piece that is open.

import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { EvidenceFolder } from "./audit_evidence.js";
import { OwnAudit } from "./audit_own.js";
import { Tool, renderTool } from "./tool.js";

class AuditDesk extends Tool {
  constructor(context) {
    super(context, { className: "ix-w-desk" });
  }

  build(model) {
    const verdicts = model.get("verdicts");
    const pieceRow = this.checkRow(t("Kiểm tra mục này"));
    this.ownRow = this.partRow(t("Xem còn thiếu gì"));
    this.sent = { piece: "", judged: {} };
    this.folder = new EvidenceFolder({
      pieces: model.get("pieces"),
      criteria: model.get("criteria"),
      parts: model.get("parts"),
      verdicts,
      onChange: (change) => this.changed(change),
      onOpen: () => this.showPiece(),
    });
    this.own = new OwnAudit({
      own: model.get("own"),
      plan: model.get("plan"),
      verdicts,
      onChange: (change) => this.changed({ ...change, row: this.ownRow }),
    });
    this.check.after(this.folder.back, this.folder.next);
    this.folder.sheet.append(...pieceRow);
    this.own.node.append(...this.ownRow.nodes);
    return [this.folder.node, this.own.node];
  }

  state() {
    return { judged: this.folder.value(), ...this.own.value() };
  }

  show(state) {
    const { judged } = state;
    this.folder.setValue(judged !== null && typeof judged === "object" ? judged : {});
    this.own.setValue(state);
    fill(this.verdict);
    fill(this.ownRow.verdict);
  }

  enable(flag) {
    this.folder.setDisabled(!flag);
    this.own.setDisabled(!flag);
  }

  ask(more = {}, row = this.firstRow) {
    if (!this.transport) return;
    if (row !== this.ownRow && this.folder.form.verdict() === "") {
      this.folder.form.askForVerdict();
      return;
    }
    this.sent = { piece: this.folder.current.id, judged: this.folder.value() };
    super.ask(more, row);
  }

  tell(result, row) {
    const { piece, judged } = this.sent;
    this.standing = { right: result.right, total: result.total, done: result.done };
    this.folder.setResults(result.pieces, judged);
    if (result.done) this.markDone(true);
    if (row === this.ownRow) {
      this.showPiece();
      this.showOwn(result);
    } else if (piece === this.folder.current.id && this.folder.result !== null) {
      this.showVerdict(this.folder.result.right, this.pieceLines(this.folder.result));
    }
  }

  // What was said of the piece that is open, if it still stands; the focus stays where it is.
  showPiece() {
    if (!this.folder) return;
    const { result } = this.folder;
    fill(this.verdict, result === null ? null : h("div", { class: `ix-w-verdict ${result.right ? "ix-w-verdict-good" : ""}` }, this.pieceLines(result)));
  }

  pieceLines(result) {
    const sign = h("span", { "aria-hidden": "true" }, result.right ? "✓ " : "• ");
    const title = result.right ? t("Đúng.") : result.verdict_right ? t("Kết luận đúng, còn chỗ cần sửa.") : t("Kết luận chưa đúng.");
    const { right, total, done } = this.standing;
    return [
      h("p", { class: "ix-w-verdict-title" }, sign, title),
      this.advice(result).map((words) => h("p", {}, words)),
      h("p", {}, result.why),
      result.sample ? [h("p", { class: "ix-w-sample-title" }, t("Một cách ghi để anh/chị so với lời mình:")), h("blockquote", { class: "ix-w-sample" }, result.sample)] : null,
      h("p", { class: "ix-w-hint" }, t("{right} trên {total} mục đã đúng.", { right: number(right), total: number(total) })),
      done ? h("p", {}, this.doneWords()) : null,
    ];
  }

  advice(result) {
    const lines = [];
    if (result.criterion === "missing") lines.push(t("Anh/chị chọn thêm yêu cầu đã đối chiếu."));
    if (result.criterion === "wrong") lines.push(t("Yêu cầu được dẫn chưa phải yêu cầu nói về việc này."));
    const names = this.model.get("parts").filter(({ id }) => result.finding_missing.includes(id)).map(({ text }) => text.toLowerCase());
    if (names.length > 0) lines.push(t("Phát hiện còn thiếu phần: {parts}.", { parts: names.join(", ") }));
    else if (result.finding_short) lines.push(t("Phát hiện còn quá ngắn: bằng chứng và chỗ chưa đáp ứng phải đủ để người không có mặt cũng hiểu."));
    return lines;
  }

  showOwn(result) {
    const lines = this.own.showMissing(result);
    const ready = result.own_done;
    const title = ready ? t("Kế hoạch và phiếu kiểm tra đã đủ.") : t("Còn phần chưa ghi.");
    if (result.done) lines.push(this.doneWords());
    else if (ready) lines.push(t("Để hoàn thành, anh/chị xét tiếp tập bằng chứng: {right} trên {total} mục đã đúng.", { right: number(result.right), total: number(result.total) }));
    this.showVerdict(ready, h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, ready ? "✓ " : "• "), title), lines.map((words) => h("p", {}, words)));
  }

  doneWords() {
    return t("Anh/chị đã xét đúng cả tập bằng chứng và chuẩn bị xong một cuộc đánh giá cho đơn vị mình.");
  }
}

export default { render: renderTool(AuditDesk) };

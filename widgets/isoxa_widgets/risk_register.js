// The risk register as a widget: place the made-up commune's risks on the matrix, then keep a register of one's own.

import { h, paragraphs } from "./dom.js";
import { number, t } from "./i18n.js";
import { OwnRegister } from "./risk_lines.js";
import { bandLegend, scaleTable } from "./risk_matrix.js";
import { PlacingBoard } from "./risk_placing.js";
import { Tool, renderTool } from "./tool.js";

class RiskRegister extends Tool {
  constructor(context) {
    super(context, { className: "ix-w-risks" });
  }

  build(model) {
    const scale = model.get("scale");
    const bands = model.get("bands");
    this.own = model.get("own");
    this.placing = new PlacingBoard({ worked: model.get("worked"), scale, bands, onChange: () => this.changed() });
    const first = this.checkRow(t("Kiểm tra ma trận"));
    this.second = this.partRow(t("Kiểm tra sổ"));
    this.register = new OwnRegister({
      typical: model.get("typical"),
      scale,
      bands,
      onChange: ({ typing }) => this.changed({ typing, row: this.second }),
    });
    return [
      h("h4", { class: "ix-w-part-title" }, t("Phần 1. Đặt rủi ro vào ma trận")),
      bandLegend(bands),
      h("p", { class: "ix-w-hint" }, t("Thang điểm chỉ để minh họa: TCVN ISO 9001:2015 không bắt buộc chấm điểm, lập ma trận hay lập sổ.")),
      scaleTable([
        { name: t("Khả năng xảy ra"), words: scale.likelihood },
        { name: t("Mức ảnh hưởng"), words: scale.severity },
      ]),
      this.placing.node,
      first,
      h("h4", { class: "ix-w-part-title" }, t("Phần 2. Sổ rủi ro và cơ hội của đơn vị anh/chị")),
      paragraphs(this.own.intro),
      this.register.node,
      this.second.nodes,
    ];
  }

  state() {
    return { placed: this.placing.placed(), risks: this.register.values() };
  }

  show({ placed, risks }) {
    this.placing.setPlaced(placed || {});
    this.register.setValues(risks);
  }

  enable(flag) {
    this.placing.setDisabled(!flag);
    this.register.setDisabled(!flag);
  }

  tell(reply, row) {
    if (reply.done) this.markDone(true);
    if (row === this.second) this.tellRegister(reply);
    else this.tellPlaces(reply);
  }

  tellPlaces({ misplaced, unplaced, placed_right: right, done }) {
    this.placing.showReasons(misplaced, right);
    const total = this.placing.size;
    const good = right.length === total;
    const lines = [title(good, t("{right} trên {total} rủi ro ở đúng chỗ", { right: right.length, total }))];
    if (misplaced.length > 0) lines.push(h("p", {}, t("{count} rủi ro cần xem lại: lý do ghi ngay dưới từng rủi ro.", { count: misplaced.length })));
    if (unplaced.length > 0) lines.push(h("p", {}, t("{count} rủi ro chưa chọn đủ hai mức.", { count: unplaced.length })));
    if (good && !done) lines.push(h("p", {}, t("Mũi tên cho thấy điểm sau khi xã xử lý. Anh/chị lập tiếp sổ của đơn vị mình ở phần 2.")));
    this.showVerdict(good, lines);
  }

  tellRegister({ problems, advice, risks, opportunities, done, misplaced, unplaced }) {
    this.register.showProblems(problems, advice);
    const { min_risks: leastRisks, min_opportunities: leastOpportunities } = this.own;
    const good = risks >= leastRisks && opportunities >= leastOpportunities;
    const counts = { risks: number(risks), leastRisks: number(leastRisks), opportunities: number(opportunities), leastOpportunities: number(leastOpportunities) };
    const lines = [title(good, t("Đã đủ ý: {risks} rủi ro (cần {leastRisks}), {opportunities} cơ hội (cần {leastOpportunities})", counts))];
    const wanting = [...new Set(problems.map((one) => one.risk))].map((id) => this.register.nameOf(id));
    if (wanting.length > 0) lines.push(h("p", {}, t("Còn thiếu: {names}. Chỗ thiếu ghi ngay dưới từng ô.", { names: wanting.join(", ") })));
    if (advice.length > 0) lines.push(h("p", {}, t("Có gợi ý ở cuối một số dòng; anh/chị xem và tự quyết định.")));
    if (good && (misplaced.length > 0 || unplaced.length > 0)) lines.push(h("p", {}, t("Sổ đã đủ. Anh/chị hoàn thành nốt ma trận ở phần 1.")));
    if (done) lines.push(h("p", {}, t("Anh/chị đã xong cả hai phần. Đưa sổ ra bàn trong cuộc họp gần nhất, và xem lại khi có thay đổi.")));
    this.showVerdict(good, lines);
  }
}

function title(good, words) {
  return h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, good ? "✓ " : "• "), words);
}

export default { render: renderTool(RiskRegister) };

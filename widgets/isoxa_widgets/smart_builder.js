// The SMART builder as a widget: repair weak sentences, then write one's own objectives. Whenever the officer pauses, the
// kernel reads every sentence and the page shows what it says; the button sums it up.

import { debounce, fill, h, paragraphs } from "./dom.js";
import { number, t } from "./i18n.js";
import { Records } from "./records.js";
import { LETTERS } from "./smart_picture.js";
import { Repairs } from "./smart_repairs.js";
import { Review } from "./smart_review.js";
import { Tool, renderTool } from "./tool.js";

const PAUSE_MS = 600;
const MOST_OBJECTIVES = 12;

class SmartBuilder extends Tool {
  constructor(context) {
    super(context, { className: "ix-w-smart" });
  }

  build(model) {
    const { intro, example } = model.get("own");
    this.longest = model.get("longest");
    this.live = debounce(() => this.consult(), PAUSE_MS);
    this.repairs = new Repairs({ repairs: model.get("repairs"), longest: this.longest, onChange: (how) => this.edited(how, this.firstRow) });
    const repairsRow = this.checkRow(t("Xem nhận xét"));
    this.ownRow = this.partRow(t("Xem nhận xét mục tiêu của đơn vị"));
    this.touched = this.firstRow;
    this.own = new Records({
      title: t("Mục tiêu"),
      add: t("Thêm mục tiêu"),
      most: MOST_OBJECTIVES,
      fields: [
        { id: "text", label: t("Câu mục tiêu"), kind: "long" },
        { id: "baseline", label: t("Mức hiện nay"), hint: t("Số đang có và của kỳ nào. Muốn máy soát chữ A, anh/chị viết cả trong câu: “từ … lên …”.") },
        { id: "source", label: t("Nguồn số liệu"), hint: t("Lấy ở sổ, báo cáo hay phần mềm nào.") },
        { id: "owner", label: t("Người phụ trách"), hint: t("Chức danh hoặc tên người theo dõi.") },
      ],
      onChange: (how) => this.edited(how, this.ownRow),
      onBuilt: (record) => {
        record.review = new Review(this.longest);
        record.extra.append(record.review.node);
      },
    });
    return [
      h("h4", { class: "ix-w-part-title" }, t("Phần 1. Viết lại những câu chưa rõ")),
      h("p", { class: "ix-w-hint" }, t("Dừng tay một chút, máy đọc câu anh/chị viết và nhận xét theo năm chữ. Máy chỉ đọc câu chữ; chỗ nào không nói chắc được, máy ghi rõ là chưa đủ thông tin.")),
      this.repairs.node,
      repairsRow,
      h("h4", { class: "ix-w-part-title" }, t("Phần 2. Mục tiêu của đơn vị anh/chị")),
      paragraphs(intro),
      h("div", { class: "ix-w-smart-example" }, h("p", { class: "ix-w-smart-notes-title" }, t("Ví dụ một câu đủ ý")), h("p", {}, example)),
      this.own.node,
      this.ownRow.nodes,
    ];
  }

  state() {
    return { repairs: this.repairs.texts(), objectives: this.own.values() };
  }

  show({ repairs, objectives }) {
    this.repairs.setTexts(repairs && typeof repairs === "object" ? repairs : {});
    this.own.setValues(Array.isArray(objectives) && objectives.length > 0 ? objectives : [{ id: "r1" }]);
    fill(this.ownRow.verdict);
    const { repairs: texts, objectives: own } = this.state();
    if ([...Object.values(texts), ...own.map((one) => one.text)].some((text) => text.trim())) this.consult();
  }

  enable(flag) {
    this.repairs.setDisabled(!flag);
    this.own.setDisabled(!flag);
  }

  edited({ typing }, row) {
    this.touched = row;
    this.changed({ typing, row });
    this.live();
  }

  ask(more, row) {
    this.live.cancel();
    super.ask(more, row);
  }

  /** Ask without a button: the sentences' reviews are renewed, the focus stays where the officer writes. */
  consult() {
    // A question of the button that is still out gets no answer any more; the officer has written on since.
    if (this.asked) this.settled(this.asked);
    this.kernel.ask(
      { kind: "check", state: this.state() },
      {
        onReply: (reply) => this.renew(reply),
        onSilence: () => fill(this.touched.notice, h("p", { class: "ix-w-notice" }, t("Chưa có nhận xét lúc này – phần anh/chị viết vẫn được giữ. Anh/chị viết tiếp, lát nữa bấm xem lại."))),
      },
    );
  }

  renew({ repairs, objectives, done }) {
    this.repairs.tell(repairs);
    for (const record of this.own.records) {
      if (objectives[record.id]) record.review.show(objectives[record.id]);
      else record.review.clear();
    }
    if (done) this.markDone(true);
  }

  tell(reply, row) {
    this.renew(reply);
    const own = row === this.ownRow;
    const results = own ? this.own.records.map((record) => reply.objectives[record.id]) : Object.values(reply.repairs);
    const good = own ? reply.own_good : results.filter((one) => one.good).length;
    const total = own ? reply.own_needed : results.length;
    const enough = good >= total;
    const words = own
      ? t("{good} mục tiêu đủ ý, cần ít nhất {total}", { good: number(good), total: number(total) })
      : t("{good} trên {total} câu đã đủ ý", { good: number(good), total: number(total) });
    const lines = [h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, enough ? "✓ " : "• "), words)];
    const weak = results.flatMap((result, index) => (result && !result.good ? [weakness(result, index + 1, own)] : []));
    if (weak.length > 0) lines.push(h("ul", {}, weak.map((text) => h("li", {}, text))));
    if (enough) lines.push(h("p", {}, t("Đủ ý là đạt S, M, R, T và câu chữ không cho thấy điều gì không thể tới ở chữ A. Đủ người, đủ kinh phí hay không thì đơn vị tự cân nhắc.")));
    if (reply.done) lines.push(h("p", {}, t("Anh/chị đã sửa xong các câu và viết được mục tiêu của đơn vị mình.")));
    else if (enough) lines.push(h("p", {}, own ? t("Còn các câu ở phần 1 cần viết lại.") : t("Anh/chị viết tiếp mục tiêu của đơn vị mình ở phần 2.")));
    this.showVerdict(enough, lines);
  }
}

function weakness(result, count, own) {
  const name = own ? t("Mục tiêu {count}", { count }) : t("Câu {count}", { count });
  if (result.state === "empty") return t("{name}: chưa viết.", { name });
  if (result.state === "too_long") return t("{name}: dài quá nên máy chưa đọc.", { name });
  const letters = LETTERS.filter(({ id }) => (id === "achievable" ? result.review[id].verdict === "not_met" : result.review[id].verdict !== "met"));
  return t("{name}: cần xem lại chữ {letters}.", { name, letters: letters.map(({ letter }) => letter).join(", ") });
}

export default { render: renderTool(SmartBuilder) };

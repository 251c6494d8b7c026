// The plan table as a widget: find the holes in a made-up plan; then an objective, and rows of 5W+1H + 2 for one's own.

import { fill, h, paragraphs } from "./dom.js";
import { number, t } from "./i18n.js";
import { Gaps } from "./plan_gaps.js";
import { ObjectiveField, objectivesIn } from "./plan_objective.js";
import { Preview } from "./plan_preview.js";
import { Records } from "./records.js";
import { Tool, renderTool } from "./tool.js";

const MOST_ROWS = 20;
const FIRST_ROWS = [{ id: "r1" }];

function fieldsOfRow() {
  return [
    { id: "what", label: t("Làm gì (What)"), kind: "long" },
    { id: "why", label: t("Vì sao (Why)"), hint: t("Việc này giúp đạt mục tiêu thế nào."), kind: "long" },
    { id: "who", label: t("Ai làm (Who)"), hint: t("Một người chịu trách nhiệm chính.") },
    { id: "where", label: t("Ở đâu (Where)"), hint: t("Quầy, thôn hoặc phần mềm nào.") },
    { id: "start", label: t("Bắt đầu (When)"), kind: "date" },
    { id: "end", label: t("Hoàn thành (When)"), kind: "date" },
    { id: "how", label: t("Làm thế nào (How)"), kind: "long" },
    { id: "resources", label: t("Nguồn lực"), hint: t("Người, kinh phí, máy móc, thời gian."), kind: "long" },
    { id: "evaluation", label: t("Cách đánh giá kết quả"), hint: t("Nhìn vào đâu, lúc nào, để biết việc đã có tác dụng."), kind: "long" },
  ];
}

class PlanTable extends Tool {
  constructor(context) {
    super(context, { className: "ix-w-plan" });
  }

  build(model) {
    const columns = model.get("columns");
    const gaps = model.get("gaps");
    const { intro, example } = model.get("own");
    this.source = model.get("source") || {};
    this.gaps = new Gaps({ rows: gaps.rows, columns, onChange: () => this.changed() });
    const gapsRow = this.checkRow(t("Kiểm tra kế hoạch mẫu"));
    this.ownRow = this.partRow(t("Kiểm tra kế hoạch của tôi"));
    this.objective = new ObjectiveField({
      number: this.source.number,
      take: this.source.lesson ? () => this.takeObjectives() : null,
      onChange: (how) => this.changed({ ...how, row: this.ownRow }),
    });
    this.preview = new Preview();
    this.rows = new Records({
      title: t("Việc"),
      add: t("Thêm việc"),
      most: MOST_ROWS,
      fields: fieldsOfRow(),
      onChange: (how) => {
        this.preview.show(this.rows.values());
        this.changed({ ...how, row: this.ownRow });
      },
    });
    const shown = columns.filter(({ id }) => example[id]);
    return [
      h("h4", { class: "ix-w-part-title" }, t("Phần 1. Tìm chỗ còn thiếu trong kế hoạch mẫu")),
      h("p", { class: "ix-w-plan-objective" }, h("strong", {}, `${t("Mục tiêu")}: `), gaps.objective),
      h("p", { class: "ix-w-hint" }, t("Đánh dấu những ô để trống hoặc viết quá chung chung. Ô nào đã đủ rõ thì để nguyên.")),
      this.gaps.node,
      gapsRow,
      h("h4", { class: "ix-w-part-title" }, t("Phần 2. Kế hoạch của đơn vị anh/chị")),
      paragraphs(intro),
      this.objective.node,
      h("details", { class: "ix-w-example" }, h("summary", {}, t("Xem một dòng mẫu đủ các cột")), h("dl", { class: "ix-w-plan-sample" }, shown.map(({ id, text }) => h("div", {}, h("dt", {}, text), h("dd", {}, example[id]))))),
      this.rows.node,
      this.preview.node,
      this.ownRow.nodes,
    ];
  }

  async start(transport) {
    await super.start(transport);
    if (this.fresh) await this.objective.offer();
  }

  async takeObjectives() {
    return objectivesIn(await this.transport.peek(this.source.lesson, this.source.tool));
  }

  state() {
    return { found: this.gaps.found(), objective: this.objective.text(), rows: this.rows.values() };
  }

  show({ found, objective, rows }) {
    // Never saved, so nobody has cleared the objective on purpose.
    this.fresh = objective === undefined;
    this.gaps.setFound(found !== null && typeof found === "object" ? found : {});
    this.objective.setText(typeof objective === "string" ? objective : "");
    this.rows.setValues(Array.isArray(rows) && rows.length > 0 ? rows : FIRST_ROWS);
    for (const { id } of this.rows.values()) this.rows.mark(id, {});
    this.preview.show(this.rows.values());
    fill(this.ownRow.verdict);
  }

  enable(flag) {
    this.gaps.setDisabled(!flag);
    this.objective.setDisabled(!flag);
    this.rows.setDisabled(!flag);
  }

  tell(reply, row) {
    if (reply.done) this.markDone(true);
    if (row === this.ownRow) this.tellOwn(reply);
    else this.tellGaps(reply);
  }

  tellGaps({ gaps, done }) {
    this.gaps.tell(gaps);
    const right = gaps.filter((one) => one.right).length;
    const enough = right === gaps.length;
    const lines = [title(enough, t("{right} trên {total} dòng đã tìm đúng", { right: number(right), total: number(gaps.length) }))];
    if (!enough) lines.push(h("p", {}, t("Nhận xét ghi ngay dưới từng dòng. Anh/chị xem lại rồi kiểm tra lần nữa.")));
    else lines.push(h("p", {}, done ? t("Cả hai phần đã xong.") : t("Anh/chị lập tiếp kế hoạch của đơn vị mình ở phần 2.")));
    this.showVerdict(enough, lines);
  }

  tellOwn({ gaps, objective, rows, complete_rows: complete, needed, done }) {
    const results = new Map(rows.map((one) => [one.row, one]));
    const shown = this.rows.values().map(({ id }, index) => ({ id, count: index + 1, result: results.get(id) }));
    for (const { id, result } of shown) this.rows.mark(id, result ? problems(result) : {});
    this.objective.mark(objective ? "" : t("Chưa có mục tiêu: kế hoạch này để đạt điều gì?"));
    const enough = objective && complete >= needed;
    const lines = [title(enough, t("{complete} việc đã đủ các cột, cần ít nhất {needed}", { complete: number(complete), needed: number(needed) }))];
    if (!objective) lines.push(h("p", {}, t("Chưa có mục tiêu của kế hoạch.")));
    const forgotten = [
      [t("nguồn lực"), "resources"],
      [t("cách đánh giá kết quả"), "evaluation"],
    ].flatMap(([name, field]) => {
      const counts = shown.filter(({ result }) => result && result.empty.includes(field)).map(({ count }) => number(count));
      return counts.length > 0 ? [t("{name} (việc {counts})", { name, counts: counts.join(", ") })] : [];
    });
    if (forgotten.length > 0) lines.push(h("p", {}, t("Cột hay bị bỏ quên, ở đây cũng còn trống: {columns}. Tiêu chuẩn hỏi cả hai ở điều 6.2.2.", { columns: forgotten.join("; ") })));
    const late = shown.filter(({ result }) => result && result.order_wrong).map(({ count }) => number(count));
    if (late.length > 0) lines.push(h("p", {}, t("Việc {counts}: ngày hoàn thành trước ngày bắt đầu.", { counts: late.join(", ") })));
    const incomplete = shown.filter(({ result }) => result && !result.complete).map(({ count }) => number(count));
    if (incomplete.length > 0) lines.push(h("p", {}, t("Việc {counts} còn ô cần xem lại; lời nhắc ghi ngay dưới ô.", { counts: incomplete.join(", ") })));
    if (done) lines.push(h("p", {}, t("Anh/chị đã tìm đúng chỗ thiếu và lập xong kế hoạch của đơn vị mình.")));
    else if (enough && gaps.some((one) => !one.right)) lines.push(h("p", {}, t("Còn kế hoạch mẫu ở phần 1 cần xem lại.")));
    this.showVerdict(enough, lines);
  }

  close() {
    this.preview.close();
    super.close();
  }
}

function title(good, words) {
  return h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, good ? "✓ " : "• "), words);
}

function problems({ empty, order_wrong: wrong }) {
  const words = Object.fromEntries(empty.map((field) => [field, t("Ô này chưa điền.")]));
  if (words.start) words.start = t("Chưa có ngày bắt đầu.");
  if (words.end) words.end = t("Chưa có ngày hoàn thành.");
  if (words.resources) words.resources = t("Chưa có nguồn lực: cần ai giúp, bao nhiêu kinh phí, máy móc gì? Không cần thêm gì thì ghi rõ như vậy.");
  if (words.evaluation) words.evaluation = t("Chưa có cách đánh giá: nhìn vào số nào, lúc nào, để biết việc có tác dụng?");
  if (wrong) words.end = t("Ngày hoàn thành đang trước ngày bắt đầu.");
  return words;
}

export default { render: renderTool(PlanTable) };

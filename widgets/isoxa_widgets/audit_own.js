// The audit of the officer's own unit: plan, schedule, checklist, and the report that is put together from them. Only the
// report's conclusion is written anew.

import { fill, h, paragraphs } from "./dom.js";
import { number, t } from "./i18n.js";
import { VerdictCounts } from "./audit_counts.js";
import { FieldsForm } from "./form.js";
import { Records } from "./records.js";

const LONG = ["objective", "scope", "criteria"];

export class OwnAudit {
  constructor({ own, plan, verdicts, onChange }) {
    this.verdicts = verdicts;
    this.names = new Map(plan.map((one) => [one.id, one.text.toLowerCase()]));
    this.plan = new FieldsForm({ fields: planFields(plan), onChange });
    this.schedule = new Records({
      title: t("Buổi"),
      fields: [
        { id: "time", label: t("Thời gian"), hint: t("Ví dụ: 8 giờ 00 đến 9 giờ 30, thứ Ba.") },
        { id: "auditor", label: t("Đánh giá viên"), hint: t("Không phải người làm việc này.") },
        { id: "unit", label: t("Bộ phận, công việc được đánh giá"), kind: "long" },
      ],
      add: t("Thêm buổi đánh giá"),
      onChange,
    });
    this.checklist = new Records({
      title: t("Dòng"),
      fields: [
        { id: "requirement", label: t("Yêu cầu"), kind: "long", hint: t("Điều của tiêu chuẩn, bước của quy trình ISO…") },
        { id: "question", label: t("Câu hỏi"), kind: "long", hint: t("Hỏi để người làm kể và cho xem.") },
        { id: "evidence", label: t("Bằng chứng"), kind: "long", hint: t("Sẽ xem gì, lấy mấy mục; sau đó: đã thấy gì.") },
        { id: "verdict", label: t("Kết luận"), kind: "select", options: verdicts },
        { id: "finding", label: t("Phát hiện"), kind: "long", hint: t("Điểm không phù hợp: thực tế khác yêu cầu ở chỗ nào.") },
      ],
      add: t("Thêm dòng vào phiếu"),
      onChange: (change) => {
        this.showReport();
        onChange(change);
      },
    });
    this.counts = new VerdictCounts(verdicts);
    this.findings = h("div", { class: "ix-w-report-findings" });
    this.conclusion = new FieldsForm({
      fields: [{ id: "conclusion", label: t("Kết luận của đoàn đánh giá"), kind: "long", hint: t("Hệ thống có được làm theo và còn hiệu lực không, chỗ nào cần lãnh đạo quyết định.") }],
      onChange,
    });
    this.node = h(
      "div",
      { class: "ix-w-own-audit" },
      h("h3", { class: "ix-w-title" }, t("Cuộc đánh giá ở đơn vị anh/chị")),
      paragraphs(own.intro),
      h("p", { class: "ix-w-notice" }, h("strong", {}, t("Khách quan:")), " ", t("không ai tự đánh giá việc mình làm hoặc mình phụ trách. Xã ít người thì các bộ phận đánh giá chéo nhau.")),
      part(t("Kế hoạch đánh giá"), h("div", { class: "ix-w-plan-fields" }, this.plan.node)),
      part(t("Lịch đánh giá"), this.schedule.node),
      part(t("Phiếu kiểm tra"), h("p", { class: "ix-w-hint" }, t("Còn gọi là phiếu hỏi. Cần ít nhất {least} dòng có yêu cầu và câu hỏi; bằng chứng, kết luận và phát hiện có thể ghi sau buổi đánh giá.", { least: number(own.min_rows) })), h("div", { class: "ix-w-checklist" }, this.checklist.node)),
      part(t("Báo cáo đánh giá"), h("p", { class: "ix-w-hint" }, t("Báo cáo lấy từ kế hoạch, lịch và phiếu kiểm tra ở trên. Anh/chị chỉ viết thêm kết luận.")), this.counts.node, this.findings, this.conclusion.node),
    );
    this.showReport();
  }

  // What the report will hold, as it stands now.
  showReport() {
    const rows = this.checklist.values();
    this.counts.show(rows);
    const listed = this.verdicts
      .filter(({ id }) => id !== "conformity")
      .map(({ id, text }) => ({ text, rows: rows.filter((row) => row.verdict === id) }))
      .filter((one) => one.rows.length > 0);
    fill(
      this.findings,
      listed.map(({ text, rows: found }) => [
        h("p", { class: "ix-w-report-kind" }, text),
        h("ul", {}, found.map((row) => h("li", {}, [row.requirement, row.evidence, row.finding].map((words) => words.trim()).filter(Boolean).join(" – ") || t("(chưa ghi)")))),
      ]),
    );
  }

  value() {
    return { plan: this.plan.values(), schedule: this.schedule.values(), checklist: this.checklist.values(), ...this.conclusion.values() };
  }

  setValue({ plan, schedule, checklist, conclusion }) {
    this.plan.setValues(plan);
    this.schedule.setValues(schedule);
    this.checklist.setValues(checklist);
    this.conclusion.setValues({ conclusion });
    this.showReport();
  }

  setDisabled(flag) {
    for (const part of [this.plan, this.schedule, this.checklist, this.conclusion]) part.setDisabled(flag);
  }

  /** Mark what the kernel found missing; returns sentences about it. */
  showMissing({ plan_missing: fields, rows, rows_needed: needed, row_missing: lacking }) {
    const lines = [];
    const absent = t("Chưa ghi phần này.");
    const marked = (ids) => Object.fromEntries(ids.map((id) => [id, absent]));
    this.plan.mark(marked(fields));
    if (fields.length > 0) lines.push(t("Kế hoạch còn thiếu: {fields}.", { fields: fields.map((id) => this.names.get(id)).join(", ") }));
    if (rows < needed) lines.push(t("Phiếu kiểm tra mới có {rows} trên {needed} dòng đủ yêu cầu và câu hỏi.", { rows: number(rows), needed: number(needed) }));
    for (const { id } of this.checklist.values()) this.checklist.mark(id, marked(lacking[id] || []));
    if (Object.keys(lacking).length > 0) lines.push(t("Có dòng trong phiếu kiểm tra còn chỗ trống; chỗ cần ghi được đánh dấu ngay dưới ô."));
    return lines;
  }
}

function planFields(plan) {
  const hints = {
    objective: t("Cuộc này để biết điều gì? Ví dụ: quy trình chứng thực bản sao có được làm đúng và còn hợp với thực tế không."),
    scope: t("Bộ phận nào, việc gì, hồ sơ của thời gian nào."),
    criteria: t("Đối chiếu với gì: điều nào của TCVN ISO 9001:2015, quy trình ISO nào, quy định nào."),
    lead: t("Người không phụ trách việc được đánh giá."),
    team: t("Để trống nếu chỉ có một người."),
  };
  return plan.map(({ id, text }) => ({ id, label: text, hint: hints[id], kind: LONG.includes(id) ? "long" : id === "date" ? "date" : "text" }));
}

function part(title, ...nodes) {
  return h("div", { class: "ix-w-own-part" }, h("h4", { class: "ix-w-own-title" }, title), nodes);
}

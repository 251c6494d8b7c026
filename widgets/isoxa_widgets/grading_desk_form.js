// One answer with its rubric, score and comment. Ticking lines of the rubric fills the score; it can be written over.
// What is typed is kept in this tab by account and answer until it is saved, so that a reload loses nothing.

import { fill, h, paragraphs, uid } from "./dom.js";
import { number, t } from "./i18n.js";

export class DeskForm {
  /** `answer` as the API gives it; `drafts` a store {get, set, drop} by task. */
  constructor(answer, drafts) {
    this.answer = answer;
    this.drafts = drafts;
    this.touched = answer.met.length > 0;
    this.boxes = answer.rubric.map((line, index) => this.box(line, index));
    this.points = h("input", { id: uid("points"), class: "ix-w-input ix-w-input-number", inputmode: "decimal", autocomplete: "off", "aria-keyshortcuts": "Alt+I" });
    this.comment = h("textarea", { id: uid("comment"), class: "ix-w-input", rows: "5", "aria-keyshortcuts": "Alt+X" });
    this.reason = h("input", { id: uid("reason"), class: "ix-w-input", autocomplete: "off" });
    this.problem = h("p", { class: "ix-w-problem", id: uid("problem"), role: "alert" });
    this.restore();
    for (const field of [this.points, this.comment, this.reason]) field.addEventListener("input", () => this.keep());
    this.heading = h("h2", { class: "ix-w-desk-heading", tabindex: "-1" }, t("Bài làm"));
    this.node = h("div", { class: "ix-w-desk-columns" }, this.left(), this.right());
  }

  box(line, index) {
    const box = h("input", { type: "checkbox", "aria-keyshortcuts": index < 9 ? `Alt+${index + 1}` : null });
    box.checked = this.answer.met.includes(line.id);
    box.addEventListener("change", () => this.tick());
    return { line, box };
  }

  get regrading() {
    return this.answer.revision > 0;
  }

  left() {
    const { answer } = this;
    const who = answer.officer
      ? h("p", { class: "ix-w-hint" }, `${answer.officer}${answer.unit ? ` · ${answer.unit}` : ""} · `, h("a", { href: answer.support_url, target: "_blank", rel: "noopener" }, t("Gia hạn, mở lại bài, cho làm thêm (mở thẻ mới)")))
      : h("p", { class: "ix-w-hint" }, t("Đang ẩn tên học viên."));
    return h(
      "section",
      { class: "ix-w-card ix-w-desk-left", "aria-label": t("Câu hỏi và bài làm") },
      h("h2", {}, t("Câu hỏi")),
      h("div", { class: "ix-w-prompt" }, paragraphs(answer.prompt)),
      this.heading,
      who,
      h("p", { class: "ix-w-desk-answer" }, answer.answer || t("(để trống)")),
      h("p", { class: "ix-w-hint" }, t("{words} từ", { words: number(answer.words) })),
      answer.came_late ? h("p", { class: "ix-w-hint" }, t("Có câu trả lời gửi đến sau giờ nộp: được giữ lại nhưng không tính điểm.")) : null,
      answer.sample ? h("details", { class: "ix-w-desk-sample" }, h("summary", {}, t("Xem bài mẫu")), paragraphs(answer.sample)) : null,
    );
  }

  right() {
    const { answer } = this;
    const lines = this.boxes.map(({ line, box }, index) =>
      h(
        "label",
        { class: "ix-w-choice" },
        box,
        h("span", { class: "ix-w-desk-line" }, line.text, " ", h("strong", {}, t("({points} điểm)", { points: number(line.points) }))),
        index < 9 ? h("kbd", { "aria-hidden": "true" }, `Alt+${index + 1}`) : null,
      ),
    );
    const hint = h("p", { class: "ix-w-hint", id: uid("hint") }, t("Từ 0 đến {max}; số lẻ viết bằng dấu phẩy, ví dụ 1,5.", { max: number(answer.max_points) }));
    this.points.setAttribute("aria-describedby", `${hint.id} ${this.problem.id}`);
    return h(
      "section",
      { class: "ix-w-card ix-w-desk-right", "aria-label": t("Thang điểm, điểm và nhận xét") },
      h("fieldset", { class: "ix-w-desk-rubric" }, h("legend", {}, t("Yêu cầu đã đạt")), lines),
      this.regrading
        ? h("p", { class: "ix-w-notice" }, t("Câu này đã được chấm {points} điểm. Điểm mới thay điểm cũ; điểm cũ vẫn giữ trong hồ sơ.", { points: number(answer.points) }))
        : null,
      this.regrading ? field(t("Lý do chấm lại"), this.reason) : null,
      h("div", { class: "ix-w-field" }, h("label", { for: this.points.id }, t("Điểm")), hint, h("div", { class: "ix-w-number" }, this.points, h("span", {}, t("trên {max} điểm", { max: number(answer.max_points) })))),
      this.problem,
      field(t("Nhận xét (học viên đọc được)"), this.comment),
    );
  }

  tick() {
    this.touched = true;
    const met = this.boxes.filter(({ box }) => box.checked).map(({ line }) => line.points);
    // In hundredths: a sum of halves and tenths must not end in 0,30000000000000004.
    this.points.value = write(met.reduce((sum, points) => sum + Math.round(points * 100), 0) / 100);
    this.keep();
  }

  /** Tick or untick the line of that place; false if there is none. */
  toggle(place) {
    const found = this.boxes[place];
    if (!found) return false;
    found.box.checked = !found.box.checked;
    found.box.focus();
    this.tick();
    return true;
  }

  insert(text) {
    const { comment } = this;
    const before = comment.value.slice(0, comment.selectionStart);
    const gap = before && !/\s$/.test(before) ? " " : "";
    comment.setRangeText(gap + text, comment.selectionStart, comment.selectionEnd, "end");
    comment.focus();
    this.keep();
  }

  mark() {
    return {
      points: this.points.value,
      comment: this.comment.value,
      rubric: this.touched ? this.boxes.filter(({ box }) => box.checked).map(({ line }) => line.id) : null,
      revision: this.answer.revision,
      reason: this.regrading ? this.reason.value : null,
    };
  }

  /** Show why it was not saved; the focus goes where it can be mended. */
  refuse(message, code) {
    fill(this.problem, message);
    this.points.toggleAttribute("aria-invalid", false);
    const place = code === "points" ? this.points : this.regrading && !this.reason.value.trim() ? this.reason : null;
    if (place) {
      place.setAttribute("aria-invalid", "true");
      place.focus();
    }
  }

  keep() {
    this.drafts.set(this.answer.task, { ...this.mark(), touched: this.touched });
  }

  restore() {
    const { answer } = this;
    const draft = this.drafts.get(answer.task);
    const same = draft && draft.revision === answer.revision;
    this.points.value = same ? draft.points : answer.points === null ? "" : write(answer.points);
    this.comment.value = same ? draft.comment : answer.comment;
    if (!same) return;
    this.reason.value = draft.reason || "";
    this.touched = draft.touched;
    for (const { line, box } of this.boxes) box.checked = (draft.rubric || []).includes(line.id);
  }
}

function field(label, input) {
  return h("div", { class: "ix-w-field" }, h("label", { for: input.id }, label), input);
}

// As the server reads it in either language of the page.
function write(points) {
  return String(points).replace(".", ",");
}

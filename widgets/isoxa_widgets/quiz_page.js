// The quiz page: start screen, questions with autosave, submission. It needs no kernel.
//   mount(el, page)   page = the page context {base, course, quiz, language}

import { ApiError } from "./api.js";
import { askDialog, fill, focusOn, h } from "./dom.js";
import { moment, number, t } from "./i18n.js";
import { QuizPaper } from "./quiz_paper.js";
import { openSession } from "./session.js";
import { signIn } from "./status.js";

export async function mount(el, page) {
  el.classList.add("ix-w", "ix-w-quiz");
  fill(el, h("p", { class: "ix-w-hint", role: "status" }, t("Đang mở bài kiểm tra…")));
  const { api, queue } = await openSession(page);
  const quiz = new QuizPage(el, page, api, queue);
  await quiz.showStart();
  return quiz;
}

class QuizPage {
  constructor(el, page, api, queue) {
    this.el = el;
    this.page = page;
    this.api = api;
    this.queue = queue;
    this.paper = null;
  }

  /** Run a request; signs in again in place when the session has ended. Shows what went wrong and returns null. */
  async ask(run, problem) {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401 && (await signIn(this.queue))) continue;
        problem(this.explain(error), error);
        return null;
      }
    }
  }

  explain(error) {
    if (error.code === "foreign") return t("Người khác đang đăng nhập trên máy này. Anh/chị tải lại trang rồi đăng nhập bằng tài khoản của mình.");
    if (error.status === 401) return t("Phiên đăng nhập đã hết. Câu trả lời vẫn được giữ trên máy này; anh/chị đăng nhập lại để tiếp tục.");
    if (error.status === 0 || error.message.startsWith("HTTP ")) {
      return t("Chưa kết nối được với máy chủ. Câu trả lời vẫn được giữ trên máy này; anh/chị thử lại sau ít phút.");
    }
    return error.message;
  }

  // Nothing to show yet but the reason and a way to try again.
  trouble(text, again) {
    const message = h("div", { class: "ix-w-card" }, h("p", { role: "alert" }, text));
    message.append(h("button", { type: "button", class: "ix-w-button", onclick: again }, t("Thử lại")));
    fill(this.el, message);
  }

  async showStart() {
    const { course, quiz } = this.page;
    const path = `api/courses/${encodeURIComponent(course)}/quizzes/${encodeURIComponent(quiz)}`;
    const info = await this.ask(
      () => this.api.get(path),
      (text) => this.trouble(text, () => this.showStart()),
    );
    if (info === null) return;
    const problem = h("p", { class: "ix-w-problem", role: "alert" });
    const left = Math.max(0, info.attempts_allowed - info.attempts_used);
    const rows = [
      [t("Số câu hỏi"), number(Array.isArray(info.slots) ? info.slots.length : info.slots)],
      [t("Tổng điểm"), number(info.points)],
      [t("Mức đạt"), t("từ {percent} % số điểm", { percent: number(info.pass_mark) })],
      [t("Số lần làm bài"), t("còn {left} trên {allowed} lần; lần cao nhất được tính", { left: number(left), allowed: number(info.attempts_allowed) })],
    ];
    if (info.time_limit_minutes) rows.push([t("Thời gian"), t("{minutes} phút mỗi lần", { minutes: number(info.time_limit_minutes) })]);
    if (info.best && info.best.points !== null) rows.push([t("Kết quả cao nhất"), bestWords(info)]);
    const card = h(
      "div",
      { class: "ix-w-card ix-w-quiz-start" },
      h(
        "dl",
        { class: "ix-w-facts" },
        rows.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))),
      ),
    );
    const refusal = info.open_attempt ? "" : this.refusal(info, left);
    if (refusal) {
      card.append(
        h("p", { class: "ix-w-notice" }, refusal),
        h("div", { class: "ix-w-actions" }, this.wayOn(info)),
      );
    } else {
      const words = info.open_attempt ? t("Làm tiếp bài đang làm") : t("Bắt đầu làm bài");
      const button = h("button", { type: "button", class: "ix-w-button ix-w-button-main" }, words);
      button.addEventListener("click", () => this.begin(button, problem));
      card.append(
        h("p", { class: "ix-w-hint" }, t("Câu trả lời được lưu ngay khi anh/chị làm. Có thể dừng và làm tiếp sau, cả trên máy khác.")),
        problem,
        h("div", { class: "ix-w-actions" }, button),
      );
    }
    fill(this.el, this.heading(info.title), card);
  }

  heading(title) {
    return document.querySelector("h1") && !this.el.querySelector("h1") ? null : h("h1", {}, title);
  }

  refusal(info, left) {
    if (info.locked) return t("Bài kiểm tra chưa mở. Anh/chị hoàn thành các phần thực hành của bài học trước rồi quay lại.");
    if (info.waiting) return t("Bài anh/chị nộp lần trước đang chờ giảng viên chấm. Khi có kết quả, anh/chị xem ở trang khóa học.");
    if (left === 0) return t("Anh/chị đã dùng hết số lần làm bài. Kết quả cao nhất được tính.");
    return "";
  }

  // The way on from a quiz that cannot be begun: the lesson that unlocks it, or the course.
  wayOn(info) {
    const course = `${this.page.base}khoa-hoc/${encodeURIComponent(this.page.course)}`;
    if (info.locked) return h("a", { class: "ix-w-button ix-w-button-main", href: `${course}/bai/${encodeURIComponent(info.locked)}` }, t("Mở bài học"));
    return h("a", { class: "ix-w-button", href: course }, t("Về trang khóa học"));
  }

  async begin(button, problem) {
    button.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    const { course, quiz } = this.page;
    const attempt = await this.ask(
      () => this.api.send("POST", "api/attempts", { course, quiz }),
      (text) => {
        problem.textContent = text;
      },
    );
    button.removeAttribute("aria-disabled");
    if (attempt === null) return;
    this.open(attempt);
  }

  open(attempt) {
    if (attempt.status !== "open" && attempt.result_url) {
      this.showClosed(attempt.result_url);
      return;
    }
    const heading = this.heading(attempt.title || "");
    this.paper = new QuizPaper(attempt, this.queue, {
      onSubmit: () => this.submit(),
      onClosed: () => this.checkClosed(),
    });
    fill(this.el, heading && attempt.title ? heading : null, givenBack(attempt), this.paper.node);
    this.paper.questions[0]?.view.focus();
    scrollTo(0, 0);
  }

  async checkClosed() {
    const attempt = await this.ask(
      () => this.api.get(`api/attempts/${encodeURIComponent(this.paper.id)}`),
      (text) => this.paper.say(text),
    );
    if (attempt && attempt.status !== "open") this.showClosed(attempt.result_url);
  }

  showClosed(resultUrl) {
    if (this.paper) this.paper.close();
    const message = h(
      "div",
      { class: "ix-w-card" },
      h("p", {}, t("Bài này đã được nộp. Những câu lưu trước khi nộp đã được tính.")),
      h("a", { class: "ix-w-button ix-w-button-main", href: this.address(resultUrl) }, t("Xem kết quả")),
    );
    fill(this.el, message);
    focusOn(message);
  }

  address(url) {
    return /^(\/|https?:)/.test(url) ? url : this.page.base + url;
  }

  async submit() {
    const paper = this.paper;
    paper.settle();
    const open = paper.unanswered();
    const choice = await askDialog({
      title: t("Nộp bài"),
      body: [
        open.length > 0
          ? h("p", {}, h("strong", {}, t("Chưa trả lời: {questions}", { questions: open.map((one) => one.name).join(", ") })))
          : h("p", {}, t("Anh/chị đã trả lời đủ {total} câu.", { total: paper.questions.length })),
        paper.refused().length > 0
          ? h("p", {}, t("Chưa lưu được: {questions}. Anh/chị nên sửa trước khi nộp.", { questions: paper.refused().map((one) => one.name).join(", ") }))
          : null,
        h("p", {}, t("Sau khi nộp, anh/chị không sửa được câu trả lời của lần làm này.")),
      ],
      actions: [
        { id: "submit", label: t("Nộp bài"), main: true },
        { id: "back", label: t("Làm tiếp") },
      ],
    });
    if (choice !== "submit") {
      if (open.length > 0) open[0].view.focus();
      return;
    }
    await this.send(paper);
  }

  async send(paper) {
    paper.busy(true);
    paper.say(t("Đang nộp bài…"));
    try {
      if (!(await this.flush(paper))) {
        paper.say(t("Chưa nộp được vì còn câu trả lời chưa gửi tới máy chủ. Chúng được giữ trên máy này; khi có kết nối, anh/chị bấm Nộp bài lần nữa."), true);
        return;
      }
      const done = await this.ask(
        () => this.api.send("POST", `api/attempts/${encodeURIComponent(paper.id)}/submit`, { round: paper.round, brief: true }),
        (text) => paper.say(`${t("Chưa nộp được.")} ${text}`, true),
      );
      if (done === null) return;
      paper.close();
      // Handed in elsewhere, and opened again by a trainer since: what they wrote about it is read first.
      if (done.status === "open") this.open(done);
      else location.assign(this.address(done.result_url));
    } finally {
      paper.busy(false);
    }
  }

  // Everything of this attempt must have reached the server first, other windows' answers too.
  async flush(paper) {
    for (let tries = 0; tries < 2; tries += 1) {
      await this.queue.flush({ everything: true });
      if (!paper.waiting()) return true;
      if (this.queue.status === "signed-out" && !(await signIn(this.queue))) return false;
    }
    return !paper.waiting();
  }
}

// What the officer is told when a trainer has opened the attempt again.
function givenBack(attempt) {
  if (!attempt.reopened) return null;
  const { by, at, reason, comments } = attempt.reopened;
  const said = attempt.slots.filter((slot) => comments[slot.slot]);
  const late = attempt.slots.filter((slot) => slot.late).map((slot) => t("Câu {number}", { number: slot.number }));
  return h(
    "div",
    { class: "ix-w-notice ix-w-quiz-told", role: "note" },
    h("p", {}, h("strong", {}, t("{name} mở lại bài này lúc {time}.", { name: by, time: moment(at) }))),
    h("p", {}, t("Lý do: {reason}", { reason })),
    said.length > 0 ? h("p", {}, t("Nhận xét của giảng viên về bài nộp trước:")) : null,
    said.length > 0
      ? h(
          "ul",
          {},
          said.map((slot) => h("li", {}, t("Câu {number}: {comment}", { number: slot.number, comment: comments[slot.slot] }))),
        )
      : null,
    h("p", {}, t("Các câu trả lời trước vẫn còn. Anh/chị sửa rồi nộp lại; điểm của lần nộp lại được tính.")),
    late.length > 0
      ? h("p", {}, t("Trả lời sau hạn ở lần nộp trước nên chưa được tính: {questions}. Muốn tính, anh/chị trả lời lại câu đó.", { questions: late.join(", ") }))
      : null,
  );
}

function bestWords(info) {
  return t("{points} trên {total} điểm", { points: number(info.best.points), total: number(info.best.max_points) });
}

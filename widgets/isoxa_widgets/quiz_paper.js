// The questions of one open attempt: each change is kept at once and sent; a reload shows what the server has and what has
// not been sent yet, whichever is newer. Two windows never overwrite each other unseen.

import { debounce, fill, focusOn, h } from "./dom.js";
import { t } from "./i18n.js";
import { renderQuestion } from "./question.js";
import { signIn, statusLine } from "./status.js";
import { countdown } from "./timer.js";

/** A pause in typing this long counts as "said". */
const TYPING_MS = 600;

export class QuizPaper {
  constructor(attempt, queue, { onSubmit, onClosed }) {
    this.id = attempt.id;
    this.round = attempt.round;
    this.queue = queue;
    this.onClosed = onClosed;
    this.root = `api/attempts/${encodeURIComponent(attempt.id)}/slots/`;
    this.stops = [];
    this.line = statusLine(queue);
    this.count = h("p", { class: "ix-w-quiz-count" });
    this.message = h("div", { class: "ix-w-quiz-message", "aria-live": "polite" });
    this.button = h("button", { type: "button", class: "ix-w-button ix-w-button-main" }, t("Nộp bài"));
    this.button.addEventListener("click", () => this.button.getAttribute("aria-disabled") !== "true" && onSubmit());
    const timer = attempt.deadline ? countdown(attempt.deadline, attempt.server_time) : null;
    if (timer) this.stops.push(timer.stop);
    const list = h("div", { class: "ix-w-questions" });
    this.questions = attempt.slots.map((slot) => this.draw(slot, list));
    this.node = h(
      "div",
      { class: "ix-w-paper" },
      h("div", { class: "ix-w-quiz-bar" }, this.count, timer ? timer.node : null, this.line),
      list,
      this.message,
      h("div", { class: "ix-w-actions" }, this.button),
    );
    this.tally();
    this.listen();
  }

  path(slot) {
    return this.root + encodeURIComponent(slot);
  }

  draw(slot, list) {
    const path = this.path(slot.slot);
    const value = this.queue.merge(path, slot.answer, slot.seq);
    const name = t("Câu {number}", { number: slot.number });
    const one = { slot: slot.slot, name, path, problem: false, view: null, later: null, notice: null };
    one.later = debounce((answer) => this.queue.put(path, "answer", answer), TYPING_MS);
    one.view = renderQuestion({
      el: list,
      question: slot,
      answer: value,
      name,
      points: t("{points} điểm", { points: String(slot.points).replace(".", ",") }),
      onChange: (answer, { typing }) => {
        this.clear(one);
        one.later(answer);
        if (!typing) one.later.now();
        this.tally();
      },
    });
    one.notice = h("div", { class: "ix-w-question-notice", "aria-live": "polite" });
    one.view.node.append(one.notice);
    this.stops.push(this.queue.watch(path, (event) => this.heard(one, event)));
    return one;
  }

  listen() {
    const settle = () => this.settle();
    const hidden = () => document.visibilityState === "hidden" && settle();
    // Capture: before the queue's own last words on pagehide.
    addEventListener("pagehide", settle, { capture: true });
    document.addEventListener("visibilitychange", hidden);
    let asked = false;
    const stop = this.queue.onStatus((state) => {
      if (state === "signed-out" && !asked) {
        asked = true;
        signIn(this.queue);
      } else if (state === "saved") asked = false;
    });
    const warn = (event) => {
      if (this.waiting() && !this.queue.store.durable) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    this.stops.push(
      stop,
      () => removeEventListener("pagehide", settle, { capture: true }),
      () => document.removeEventListener("visibilitychange", hidden),
      () => removeEventListener("beforeunload", warn),
      () => this.line.remove(),
    );
  }

  heard(one, event) {
    if (event.type === "saved") {
      if (event.current) one.view.showProblem(null);
    } else if (event.type === "stale" || event.type === "elsewhere") {
      const mine = event.type === "stale" ? event.mine : one.view.getAnswer();
      one.later.cancel();
      const value = event.type === "stale" ? event.newer : event.value;
      one.view.setAnswer(value);
      this.clear(one);
      this.tally();
      if (JSON.stringify(mine) !== JSON.stringify(value)) this.tellStale(one, event.type === "stale" ? mine : null);
    } else if (event.type === "refused") {
      if (event.status === 409) {
        this.onClosed();
        return;
      }
      one.problem = true;
      one.view.showProblem(t("Câu này chưa được lưu. {reason}", { reason: event.message }));
    }
  }

  tellStale(one, mine) {
    const words = h("p", {}, t("Câu này vừa được sửa ở một cửa sổ khác; đây là câu trả lời mới hơn."));
    const back = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Dùng câu trả lời ở cửa sổ này"));
    back.addEventListener("click", () => {
      one.view.setAnswer(mine);
      this.queue.put(one.path, "answer", mine);
      this.clear(one);
      this.tally();
      one.view.focus();
    });
    fill(one.notice, h("div", { class: "ix-w-notice" }, words, mine === null ? null : back));
  }

  clear(one) {
    one.problem = false;
    one.view.showProblem(null);
    fill(one.notice);
  }

  /** Whatever is being typed counts now. */
  settle() {
    for (const one of this.questions) one.later.now();
  }

  unanswered() {
    return this.questions.filter((one) => one.view.getAnswer() === null);
  }

  refused() {
    return this.questions.filter((one) => one.problem);
  }

  waiting() {
    return this.queue.pending().some((entry) => entry.path.startsWith(this.root));
  }

  tally() {
    const total = this.questions.length;
    this.count.textContent = t("Đã trả lời {done} trên {total} câu", { done: total - this.unanswered().length, total });
  }

  say(text, problem) {
    fill(this.message, h("p", { class: problem ? "ix-w-notice" : "ix-w-hint" }, text));
    if (problem) focusOn(this.message);
  }

  busy(flag) {
    this.button.setAttribute("aria-disabled", String(flag));
  }

  close() {
    for (const stop of this.stops) stop();
    this.stops = [];
  }
}

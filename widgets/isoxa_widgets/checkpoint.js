// A practice question in a lesson: answer, check, read why, try again. Saved as one goes; done for good once right.

import { debounce, fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { openKernel } from "./kernel.js";
import { renderQuestion } from "./question.js";
import { claimStatus } from "./status.js";
import { openTransport } from "./transport.js";

const TYPING_MS = 600;

async function render({ model, el }) {
  const checkpoint = new Checkpoint(model, el);
  // The question can be read at once; it can be answered as soon as it is known whose answer it is.
  const opened = openTransport(model).then((transport) => checkpoint.start(transport));
  opened.catch((error) => {
    checkpoint.fail();
    throw error;
  });
  return () => checkpoint.close();
}

class Checkpoint {
  constructor(model, el) {
    this.item = model.get("item");
    this.kernel = openKernel(model);
    this.transport = null;
    this.stop = null;
    this.mark = h("p", { class: "ix-w-done", role: "status" });
    this.message = h("div", { class: "ix-w-message", "aria-live": "polite" }, h("p", { class: "ix-w-hint" }, t("Đang mở…")));
    this.check = h("button", { type: "button", class: "ix-w-button ix-w-button-main" }, t("Kiểm tra"));
    this.again = h("button", { type: "button", class: "ix-w-button", hidden: true }, t("Làm lại"));
    this.status = h("div", { class: "ix-w-status-place" });
    const card = h("div", { class: "ix-w ix-w-card ix-w-checkpoint", id: `luyen-tap-${this.item}` });
    // A draft: it must not be judged, or the mark would tell the answer before one has asked.
    this.save = debounce((answer) => this.transport.save(this.item, { draft: answer }), TYPING_MS);
    this.question = renderQuestion({
      el: card,
      question: model.get("question"),
      name: t("Thử sức"),
      disabled: true,
      onChange: (answer, { typing }) => this.changed(answer, typing),
    });
    card.append(this.message, h("div", { class: "ix-w-actions" }, this.check, this.again, this.mark, this.status));
    this.check.addEventListener("click", () => this.transport && this.checkNow());
    this.again.addEventListener("click", () => this.restart());
    this.settle = () => this.save.now();
    addEventListener("pagehide", this.settle, { capture: true });
    el.append(card);
  }

  async start(transport) {
    const { state, done, reached } = await transport.load(this.item);
    this.transport = transport;
    this.stop = transport.watch(this.item, (event) => this.heard(event));
    this.question.setDisabled(false);
    fill(this.message, reached ? null : h("p", { class: "ix-w-notice" }, t("Chưa tải được phần anh/chị đã làm. Câu trả lời mới vẫn được giữ và lưu khi có kết nối.")));
    this.show(state);
    this.markDone(done);
  }

  fail() {
    fill(this.message, h("p", { class: "ix-w-notice" }, t("Phần thực hành chưa mở được. Anh/chị tải lại trang giúp; những gì đã lưu vẫn còn.")));
  }

  show(state) {
    const { answer = null, draft = null } = state && typeof state === "object" ? state : {};
    this.question.setAnswer(answer === null ? draft : answer);
    this.question.showFeedback(null);
    this.lock(false);
    if (answer !== null) this.explain(answer, false);
  }

  lock(flag) {
    this.question.setDisabled(flag);
    this.check.hidden = flag;
    this.again.hidden = !flag;
  }

  changed(answer, typing) {
    claimStatus(this.status, this.transport.queue);
    this.question.showProblem(null);
    fill(this.message);
    this.save(answer);
    if (!typing) this.save.now();
  }

  checkNow() {
    const answer = this.question.getAnswer();
    if (answer === null) {
      this.question.showProblem(t("Anh/chị chọn hoặc viết câu trả lời rồi bấm Kiểm tra."));
      this.question.focus();
      return;
    }
    this.save.cancel();
    claimStatus(this.status, this.transport.queue);
    this.transport.save(this.item, { answer });
    this.explain(answer, true);
  }

  /** Ask the kernel what is right and why; `asked`: the officer pressed the button, so the focus goes to the reply. */
  explain(answer, asked) {
    if (asked) fill(this.message, h("p", { class: "ix-w-hint" }, t("Đang kiểm tra…")));
    this.check.setAttribute("aria-disabled", "true");
    this.kernel.ask(
      { kind: "check", answer },
      {
        onReply: (reply) => {
          this.check.removeAttribute("aria-disabled");
          fill(this.message);
          if (reply.kind === "problem") {
            this.question.showProblem(reply.message);
            return;
          }
          this.lock(true);
          this.question.showFeedback(reply.explanation, { focus: asked });
          if (reply.done) this.markDone(true);
        },
        onSilence: () => {
          this.check.removeAttribute("aria-disabled");
          if (!asked) return;
          const unsent = this.transport.queue !== null && this.transport.queue.pending().length > 0;
          const words = unsent
            ? t("Chưa có phản hồi lúc này – câu trả lời được giữ trên máy này. Anh/chị đọc tiếp, lát nữa bấm Kiểm tra lại.")
            : t("Chưa có phản hồi lúc này – câu trả lời đã được lưu. Anh/chị đọc tiếp, lát nữa bấm Kiểm tra lại.");
          fill(this.message, h("p", { class: "ix-w-notice" }, words));
        },
      },
    );
  }

  restart() {
    this.question.setAnswer(null);
    this.question.showFeedback(null);
    this.question.showProblem(null);
    this.lock(false);
    this.question.focus();
  }

  heard(event) {
    if (event.type === "done") {
      if (event.done) this.markDone(true);
    } else if (event.type === "stale" || event.type === "elsewhere") {
      this.save.cancel();
      this.show(event.type === "stale" ? event.newer : event.value);
      fill(this.message, h("p", { class: "ix-w-notice" }, t("Câu này vừa được sửa ở một cửa sổ khác; đây là câu trả lời mới hơn.")));
    } else if (event.type === "refused") {
      this.question.showProblem(t("Câu này chưa được lưu. {reason}", { reason: event.message }));
    }
  }

  markDone(done) {
    const words = done ? `✓ ${t("Đã hoàn thành")}` : "";
    if (this.mark.textContent !== words) this.mark.textContent = words;
  }

  close() {
    this.save.now();
    removeEventListener("pagehide", this.settle, { capture: true });
    this.kernel.close();
    if (this.stop) this.stop();
  }
}

export default { render };

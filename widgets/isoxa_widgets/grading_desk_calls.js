// What the desk asks of the server, with the trainer's own session: signs in again in place when it has ended.

import { ApiError } from "./api.js";
import { t } from "./i18n.js";
import { relogin } from "./relogin.js";

export class DeskCalls {
  constructor(api, page) {
    this.api = api;
    this.page = page;
  }

  /** The next free answer, held for this trainer: {answer | null, waiting}. */
  next(after, anonymous) {
    const { course, quiz, slot } = this.page;
    return this.send("POST", "api/desk/next", { course, quiz, slot, after, anonymous });
  }

  async open(task, anonymous) {
    return (await this.ask(() => this.api.get(`api/desk/answers/${task}${anonymous ? "?an-danh=1" : ""}`))).answer;
  }

  hold(task) {
    return this.send("PUT", `api/desk/answers/${task}/claim`, {});
  }

  release(task, options) {
    return this.api.send("DELETE", `api/desk/answers/${task}/claim`, {}, options);
  }

  grade(task, mark) {
    return this.send("PUT", `api/desk/answers/${task}/grade`, mark);
  }

  get bank() {
    return `api/desk/comments/${encodeURIComponent(this.page.course)}`;
  }

  async comments() {
    return (await this.ask(() => this.api.get(this.bank))).comments;
  }

  async keep(text) {
    return (await this.send("POST", this.bank, { text })).comment;
  }

  forget(id) {
    return this.send("DELETE", `${this.bank}/${id}`, {});
  }

  send(method, path, body) {
    return this.ask(() => this.api.send(method, path, body));
  }

  async ask(run) {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        if ((await relogin(this.api)) !== "mine") throw error;
      }
    }
  }
}

/** What went wrong, in words. */
export function words(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.code === "foreign") return t("Người khác đang đăng nhập trên máy này. Anh/chị tải lại trang rồi đăng nhập bằng tài khoản của mình.");
  if (error.status === 401) return t("Phiên đăng nhập đã hết nên chưa lưu. Những gì đã ghi còn trên màn hình; anh/chị đăng nhập lại rồi lưu.");
  if (error.status === 0 || error.message.startsWith("HTTP ")) {
    return t("Chưa kết nối được với máy chủ nên chưa lưu. Những gì đã ghi còn trên màn hình; anh/chị thử lại sau ít phút.");
  }
  return error.message;
}

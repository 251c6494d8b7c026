// The trainer's kept comments: Enter on one puts it into the comment; the comment as written can be kept too.

import { fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { words } from "./grading_desk_calls.js";

export class CommentBank {
  /** `insert(text)` puts a comment into the form; `current()` is what is written there now. */
  constructor(calls, { insert, current }) {
    this.calls = calls;
    this.insert = insert;
    this.current = current;
    this.comments = [];
    this.list = h("ul", { class: "ix-w-desk-bank" });
    this.said = h("p", { class: "ix-w-said", role: "status" });
    this.keepButton = h("button", { type: "button", class: "ix-w-button ix-w-button-small", onclick: () => this.keep() }, t("Lưu nhận xét vào kho"));
    this.node = h(
      "section",
      { class: "ix-w-card ix-w-desk-bank-card", "aria-label": t("Kho nhận xét") },
      h("h2", {}, t("Kho nhận xét"), " ", h("kbd", { "aria-hidden": "true" }, "Alt+K")),
      this.list,
      h("div", { class: "ix-w-actions" }, this.keepButton),
      this.said,
    );
    this.show();
  }

  async load() {
    await this.run(async () => {
      this.comments = await this.calls.comments();
    });
  }

  async keep() {
    await this.run(async () => {
      const kept = await this.calls.keep(this.current());
      if (!this.comments.some((one) => one.id === kept.id)) this.comments.push(kept);
      this.said.textContent = t("Đã lưu nhận xét vào kho.");
    });
  }

  async forget(comment) {
    await this.run(async () => {
      await this.calls.forget(comment.id);
      this.comments = this.comments.filter((one) => one.id !== comment.id);
      this.said.textContent = t("Đã xóa nhận xét khỏi kho.");
      this.keepButton.focus();
    });
  }

  async run(work) {
    try {
      await work();
      this.show();
    } catch (error) {
      this.said.textContent = words(error);
    }
  }

  focus() {
    (this.list.querySelector("button") || this.keepButton).focus();
  }

  show() {
    if (this.comments.length === 0) {
      fill(this.list, h("li", { class: "ix-w-hint" }, t("Chưa có nhận xét nào trong kho.")));
      return;
    }
    fill(
      this.list,
      this.comments.map((comment) =>
        h(
          "li",
          {},
          h("button", { type: "button", class: "ix-w-desk-comment", onclick: () => this.insert(comment.text) }, comment.text),
          h("button", { type: "button", class: "ix-w-button ix-w-button-step", "aria-label": t("Xóa khỏi kho: {text}", { text: comment.text }), onclick: () => this.forget(comment) }, t("Xóa")),
        ),
      ),
    );
  }
}

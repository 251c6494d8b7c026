// The end of a lesson on one page: what is done, what is left, one's own work, and where to go next. Can be printed alone.

import { ApiError } from "./api.js";
import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { openKernel } from "./kernel.js";
import { OwnWork } from "./summary_work.js";
import { openTransport } from "./transport.js";

async function render({ model, el }) {
  const summary = new Summary(model, el);
  openTransport(model).then((transport) => summary.start(transport));
  return () => summary.close();
}

class Summary {
  constructor(model, el) {
    this.model = model;
    this.stop = null;
    this.count = h("p", { class: "ix-w-summary-count", role: "status" });
    this.bar = h("progress", { class: "ix-w-progress", max: "1", "aria-hidden": "true" });
    this.bar.value = 0;
    this.list = h("ul", { class: "ix-w-summary-list" });
    this.own = new OwnWork();
    this.kernel = openKernel(model);
    this.read = "";
    this.next = h("div", { class: "ix-w-actions" });
    const print = h("button", { type: "button", class: "ix-w-button" }, t("In trang tóm tắt"));
    print.addEventListener("click", () => this.print());
    this.card = h(
      "section",
      { class: "ix-w ix-w-card ix-w-summary", "aria-label": t("Kết quả của bài học") },
      h("h3", { class: "ix-w-title" }, t("Anh/chị đã đi đến đâu")),
      h("p", { class: "ix-w-print-only" }, model.get("title")),
      this.count,
      this.bar,
      this.list,
      this.own.node,
      this.next,
      h("div", { class: "ix-w-actions" }, print),
    );
    el.append(this.card);
  }

  async start(transport) {
    this.transport = transport;
    this.stop = transport.onProgress(() => this.refresh());
    await this.refresh();
  }

  async refresh() {
    let progress;
    try {
      progress = await this.transport.progress();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.count.textContent = t("Chưa tải được kết quả lúc này; những gì anh/chị đã làm vẫn được lưu.");
      return;
    }
    this.show(progress);
    await this.showNext(progress);
  }

  show({ items, done, total, complete }) {
    this.count.textContent = complete
      ? t("Anh/chị đã hoàn thành bài này: {done} trên {total} phần thực hành.", { done: number(done), total: number(total) })
      : t("Đã làm {done} trên {total} phần thực hành.", { done: number(done), total: number(total) });
    this.bar.max = total || 1;
    this.bar.value = done;
    const lines = this.model.get("items").map(({ id, title }, index) => {
      const finished = Boolean(items[id] && items[id].done);
      return h(
        "li",
        { class: finished ? "ix-w-is-done" : "" },
        h("span", { class: "ix-w-summary-sign", "aria-hidden": "true" }, finished ? "✓" : "○"),
        h("a", { href: `#luyen-tap-${id}` }, `${index + 1}. ${title}`),
        h("span", { class: "ix-w-summary-word" }, finished ? t("đã hoàn thành") : t("chưa hoàn thành")),
      );
    });
    fill(this.list, lines);
    this.showOwn(items);
  }

  // What the officer made with the tools, to be read and printed with the summary. The kernel knows how a state reads; when
  // it does not answer, the list above is all there is.
  showOwn(items) {
    const states = {};
    for (const id of this.model.get("makers")) if (items[id] && items[id].state) states[id] = items[id].state;
    const text = JSON.stringify(states);
    if (text === this.read) return;
    this.read = text;
    if (text === "{}") {
      this.own.show([]);
      return;
    }
    const onSilence = () => {
      this.read = "";
      this.own.show([]);
    };
    this.kernel.ask({ kind: "check", states }, { onReply: ({ documents }) => this.own.show(documents || []), onSilence, quiet: true });
  }

  async showNext({ complete }) {
    if (this.transport.kind !== "portal") return;
    const { page, api } = this.transport;
    const course = `${page.base}khoa-hoc/${encodeURIComponent(page.course)}`;
    const back = h("a", { class: "ix-w-button", href: course }, t("Về trang khóa học"));
    let onward = null;
    if (complete) {
      try {
        const { next } = await api.get(`api/courses/${encodeURIComponent(page.course)}`);
        if (next && next.url) onward = h("a", { class: "ix-w-button ix-w-button-main", href: next.url }, t("Tiếp theo: {title}", { title: next.title }));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }
    fill(this.next, onward, back);
  }

  print() {
    document.body.classList.add("ix-w-print-summary");
    addEventListener("afterprint", () => document.body.classList.remove("ix-w-print-summary"), { once: true });
    print();
  }

  close() {
    this.kernel.close();
    if (this.stop) this.stop();
  }
}

export default { render };

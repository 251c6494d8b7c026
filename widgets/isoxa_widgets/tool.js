// What every tool of a lesson does: open, show what was saved, save as one goes, ask the kernel, adopt a newer version, and
// hand over the documents its work gives. A tool extends `Tool` and says how it looks and what its state is:
//
//   build(model)          -> nodes under the title; called once, by this constructor (so no class fields in a tool: they
//                            would be set again after it), before anything is loaded
//   state()               -> JSON, as it is saved
//   show(state)           put a state on the screen; {} when nothing is saved; anything malformed is left out
//   enable(flag)          let the officer work, or not yet
//   tell(reply, row)      the kernel's reply to `ask`
//   silent(row)           no reply in time (the officer is told already); only where work would stop without one
//
// It calls `this.changed({ typing, place })` after each change and `this.ask()` to be judged. A tool of several parts has a
// `checkRow` for the first and a `partRow` for each further one: its own button, verdict and status line.

import { debounce, fill, focusOn, h, paragraphs } from "./dom.js";
import { t } from "./i18n.js";
import { openKernel } from "./kernel.js";
import { claimStatus, signIn } from "./status.js";
import { openTransport } from "./transport.js";

const TYPING_MS = 600;

export class Tool {
  constructor({ model, el }, { className }) {
    this.model = model;
    this.item = model.get("item");
    this.kernel = openKernel(model);
    this.transport = null;
    this.stop = null;
    this.asked = null;
    this.mark = h("p", { class: "ix-w-done", role: "status" });
    this.notice = h("div", { class: "ix-w-message", "aria-live": "polite" }, h("p", { class: "ix-w-hint" }, t("Đang mở…")));
    this.verdict = h("div", { class: "ix-w-feedback", "aria-live": "polite" });
    this.documents = h("div", { class: "ix-w-documents" });
    this.save = debounce(() => this.transport.save(this.item, this.state()), TYPING_MS);
    this.settle = () => this.save.now();
    addEventListener("pagehide", this.settle, { capture: true });
    el.append(
      h(
        "section",
        { class: `ix-w ix-w-card ${className}`, id: `luyen-tap-${this.item}`, "aria-label": model.get("title") },
        h("div", { class: "ix-w-head" }, h("h3", { class: "ix-w-title" }, model.get("title")), this.mark),
        paragraphs(model.get("intro")),
        this.build(model),
        this.documents,
      ),
    );
    this.enable(false);
  }

  /** A button that asks for a verdict, its place for the status line, and below it where notices and the verdict go. */
  checkRow(words) {
    this.check = h("button", { type: "button", class: "ix-w-button ix-w-button-main" }, words);
    this.checkPlace = h("div", { class: "ix-w-status-place" });
    this.check.addEventListener("click", () => this.ask());
    return [this.notice, this.verdict, h("div", { class: "ix-w-actions" }, this.check, this.checkPlace)];
  }

  /** The same for a further part: `{check, place, notice, verdict, nodes}`, to be named in `changed({row})` and `ask({}, row)`. */
  partRow(words) {
    const row = {
      check: h("button", { type: "button", class: "ix-w-button ix-w-button-main" }, words),
      place: h("div", { class: "ix-w-status-place" }),
      notice: h("div", { class: "ix-w-message", "aria-live": "polite" }),
      verdict: h("div", { class: "ix-w-feedback", "aria-live": "polite" }),
    };
    row.check.addEventListener("click", () => this.ask({}, row));
    row.nodes = [row.notice, row.verdict, h("div", { class: "ix-w-actions" }, row.check, row.place)];
    return row;
  }

  get firstRow() {
    return { check: this.check, place: this.checkPlace, notice: this.notice, verdict: this.verdict };
  }

  open() {
    openTransport(this.model)
      .then((transport) => this.start(transport))
      .catch((error) => {
        fill(this.notice, h("p", { class: "ix-w-notice" }, t("Phần thực hành chưa mở được. Anh/chị tải lại trang giúp; những gì đã lưu vẫn còn.")));
        throw error;
      });
    return () => this.close();
  }

  async start(transport) {
    const { state, done, reached } = await transport.load(this.item);
    this.transport = transport;
    this.stop = transport.watch(this.item, (event) => this.heard(event));
    this.show(asObject(state));
    this.enable(true);
    this.markDone(done);
    this.showDocuments();
    fill(this.notice, reached ? null : h("p", { class: "ix-w-notice" }, t("Chưa tải được phần anh/chị đã làm. Những gì làm mới vẫn được giữ và lưu khi có kết nối.")));
  }

  /** Save; `place` is where the status line belongs. `keepVerdict`: the change is not about what was judged. */
  changed({ typing = false, row = this.firstRow, place = row.place, keepVerdict = false } = {}) {
    if (!this.transport) return;
    claimStatus(place, this.transport.queue);
    if (!keepVerdict) fill(row.verdict);
    fill(row.notice);
    this.save();
    if (!typing) this.save.now();
  }

  /** Save and ask the kernel; the reply goes to `tell`. `more` is added to the question. */
  ask(more = {}, row = this.firstRow) {
    if (!this.transport) return;
    const state = this.state();
    this.save.cancel();
    claimStatus(row.place, this.transport.queue);
    this.transport.save(this.item, state);
    // Only the newest question is answered: a part asked about before does not wait any longer.
    if (this.asked) this.settled(this.asked);
    this.asked = row;
    fill(row.notice, h("p", { class: "ix-w-hint" }, t("Đang kiểm tra…")));
    row.check.setAttribute("aria-disabled", "true");
    this.kernel.ask(
      { kind: "check", ...more, state },
      {
        onReply: (reply) => {
          this.settled(row);
          this.tell(reply, row);
        },
        onSilence: () => {
          this.settled(row);
          fill(row.notice, h("p", { class: "ix-w-notice" }, t("Chưa có phản hồi lúc này – phần anh/chị làm đã được lưu. Anh/chị đọc tiếp, lát nữa bấm kiểm tra lại.")));
          this.silent(row);
        },
      },
    );
  }

  settled(row) {
    row.check.removeAttribute("aria-disabled");
    fill(row.notice);
  }

  silent() {}

  /** Show a verdict (nodes) of the part that asked last, and move the focus to it. */
  showVerdict(good, ...lines) {
    const panel = h("div", { class: `ix-w-verdict ${good ? "ix-w-verdict-good" : ""}` }, lines);
    fill((this.asked || this.firstRow).verdict, panel);
    focusOn(panel);
  }

  heard(event) {
    if (event.type === "done") {
      if (event.done) this.markDone(true);
    } else if (event.type === "stale" || event.type === "elsewhere") {
      this.adopt(event);
    } else if (event.type === "refused") {
      fill(this.notice, h("p", { class: "ix-w-notice" }, t("Chưa lưu được. {reason}", { reason: event.message })));
    }
  }

  adopt(event) {
    this.save.cancel();
    this.show(asObject(event.type === "stale" ? event.newer : event.value));
    fill(this.verdict);
    const words = h("p", {}, t("Phần này vừa được sửa ở một cửa sổ khác; đây là bản mới hơn."));
    const back = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Dùng bản ở cửa sổ này"));
    back.addEventListener("click", () => {
      this.show(asObject(event.mine));
      this.changed();
    });
    fill(this.notice, h("div", { class: "ix-w-notice" }, words, event.type === "stale" ? back : null));
  }

  markDone(done) {
    const words = done ? `✓ ${t("Đã hoàn thành")}` : "";
    if (this.mark.textContent !== words) this.mark.textContent = words;
  }

  // The portal makes the files from what it has saved, so what was just typed goes there first.
  showDocuments() {
    const kinds = this.model.get("documents") || [];
    if (kinds.length === 0 || this.transport.kind !== "portal") return;
    const message = h("p", { class: "ix-w-hint", role: "status" });
    const links = kinds.flatMap(({ kind, title, formats }) =>
      formats.map((format) => {
        const words = t("Tải {title} ({format})", { title, format: format === "docx" ? "Word" : "Excel" });
        const link = h("a", { class: "ix-w-button", href: this.transport.documentUrl(this.item, kind, format), download: true }, words);
        link.addEventListener("click", (event) => this.takeAway(event, link, message));
        return link;
      }),
    );
    fill(
      this.documents,
      h("h4", {}, t("Mang về cho đơn vị")),
      h("p", { class: "ix-w-hint" }, t("Văn bản lấy từ những gì anh/chị đã điền ở trên; sửa ở đây rồi tải lại là có bản mới.")),
      h("div", { class: "ix-w-actions" }, links),
      message,
    );
  }

  /** Save, ask whether there is something to take, then let the browser download; the officer never leaves the page. */
  async takeAway(event, link, message) {
    event.preventDefault();
    if (link.getAttribute("aria-disabled") === "true") return;
    const say = (words) => fill(message, words ? document.createTextNode(words) : null);
    const { queue } = this.transport;
    link.setAttribute("aria-disabled", "true");
    say(t("Đang chuẩn bị văn bản…"));
    this.save.now();
    const sent = queue.pending().length === 0 || (await queue.flush());
    const standing = sent ? await this.transport.documentStanding(link.href) : "not sent";
    link.removeAttribute("aria-disabled");
    if (standing === "ready") {
      say("");
      location.assign(link.href);
    } else if (standing === "empty") {
      say(t("Chưa có gì để lập văn bản này. Anh/chị điền phần của đơn vị mình ở trên trước, rồi bấm tải."));
    } else if (standing === "signed-out") {
      say("");
      if (await signIn(queue)) location.assign(link.href);
    } else if (standing === "not sent") {
      say(t("Chưa gửi được phần vừa sửa lên máy chủ nên chưa có văn bản mới. Phần ấy vẫn được giữ trên máy này; anh/chị thử lại khi có kết nối."));
    } else {
      say(t("Chưa kết nối được với máy chủ nên chưa tải được. Những gì đã lưu vẫn còn; anh/chị thử lại sau ít phút."));
    }
  }

  close() {
    if (this.transport) this.save.now();
    removeEventListener("pagehide", this.settle, { capture: true });
    this.kernel.close();
    if (this.stop) this.stop();
  }
}

function asObject(state) {
  return state !== null && typeof state === "object" && !Array.isArray(state) ? state : {};
}

/** The `render` of a tool's module. */
export function renderTool(ToolClass) {
  return (context) => new ToolClass(context).open();
}

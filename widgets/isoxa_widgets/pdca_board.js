// The PDCA board as a widget: sort tasks into four boxes, check, read why; then write a cycle of one's own. Saved as one goes.

import { debounce, fill, focusOn, h, paragraphs } from "./dom.js";
import { t } from "./i18n.js";
import { openKernel } from "./kernel.js";
import { CycleForm } from "./pdca_cycle.js";
import { SortingBoard } from "./pdca_sorting.js";
import { claimStatus } from "./status.js";
import { openTransport } from "./transport.js";

const TYPING_MS = 600;

async function render({ model, el }) {
  const widget = new PdcaBoard(model, el);
  openTransport(model)
    .then((transport) => widget.start(transport))
    .catch((error) => {
      widget.fail();
      throw error;
    });
  return () => widget.close();
}

class PdcaBoard {
  constructor(model, el) {
    this.item = model.get("item");
    this.kernel = openKernel(model);
    this.transport = null;
    this.stop = null;
    this.mark = h("p", { class: "ix-w-done", role: "status" });
    this.verdict = h("div", { class: "ix-w-feedback", "aria-live": "polite" });
    this.notice = h("div", { class: "ix-w-message", "aria-live": "polite" }, h("p", { class: "ix-w-hint" }, t("Đang mở…")));
    this.sortingStatus = h("div", { class: "ix-w-status-place" });
    this.cycleStatus = h("div", { class: "ix-w-status-place" });
    this.board = new SortingBoard({ items: model.get("items"), boxes: model.get("boxes"), onChange: () => this.changed(false, this.sortingStatus) });
    this.cycle = new CycleForm(model.get("cycle"), (typing) => this.changed(typing, this.cycleStatus));
    this.save = debounce(() => this.transport.save(this.item, this.state()), TYPING_MS);
    this.check = h("button", { type: "button", class: "ix-w-button ix-w-button-main" }, t("Kiểm tra bảng"));
    this.check.addEventListener("click", () => this.transport && this.checkNow());
    this.settle = () => this.save.now();
    addEventListener("pagehide", this.settle, { capture: true });
    this.enable(false);
    el.append(
      h(
        "section",
        { class: "ix-w ix-w-card ix-w-board", id: `luyen-tap-${this.item}`, "aria-label": model.get("title") },
        h("div", { class: "ix-w-head" }, h("h3", { class: "ix-w-title" }, model.get("title")), this.mark),
        paragraphs(model.get("intro")),
        this.board.node,
        this.notice,
        this.verdict,
        h("div", { class: "ix-w-actions" }, this.check, this.sortingStatus),
        this.cycle.node,
        this.cycleStatus,
      ),
    );
  }

  state() {
    return { placed: this.board.placed(), cycle: this.cycle.texts() };
  }

  enable(flag) {
    this.board.setDisabled(!flag);
    this.cycle.setDisabled(!flag);
  }

  async start(transport) {
    const { state, done, reached } = await transport.load(this.item);
    this.transport = transport;
    this.stop = transport.watch(this.item, (event) => this.heard(event));
    this.show(state);
    this.enable(true);
    this.markDone(done);
    fill(this.notice, reached ? null : h("p", { class: "ix-w-notice" }, t("Chưa tải được phần anh/chị đã làm. Những gì làm mới vẫn được giữ và lưu khi có kết nối.")));
  }

  fail() {
    fill(this.notice, h("p", { class: "ix-w-notice" }, t("Phần thực hành chưa mở được. Anh/chị tải lại trang giúp; những gì đã lưu vẫn còn.")));
  }

  show(state) {
    const { placed, cycle } = state && typeof state === "object" ? state : {};
    this.board.setPlaced(placed || {});
    this.cycle.setTexts(cycle || {});
  }

  changed(typing, place) {
    claimStatus(place, this.transport.queue);
    // The verdict was about another board; what is written does not change it.
    if (place === this.sortingStatus) fill(this.verdict);
    fill(this.notice);
    this.save();
    if (!typing) this.save.now();
  }

  checkNow() {
    const state = this.state();
    this.save.cancel();
    claimStatus(this.sortingStatus, this.transport.queue);
    this.transport.save(this.item, state);
    fill(this.notice, h("p", { class: "ix-w-hint" }, t("Đang kiểm tra…")));
    this.check.setAttribute("aria-disabled", "true");
    this.kernel.ask(
      { kind: "check", state },
      {
        onReply: (reply) => {
          this.check.removeAttribute("aria-disabled");
          fill(this.notice);
          this.tell(reply);
        },
        onSilence: () => {
          this.check.removeAttribute("aria-disabled");
          fill(this.notice, h("p", { class: "ix-w-notice" }, t("Chưa có phản hồi lúc này – bảng của anh/chị đã được lưu. Anh/chị đọc tiếp, lát nữa bấm Kiểm tra bảng lại.")));
        },
      },
    );
  }

  tell({ misplaced, unplaced, cycle_missing: missing, done }) {
    this.board.showReasons(misplaced, unplaced);
    const total = this.board.size;
    const right = total - misplaced.length - unplaced.length;
    const sorted = right === total;
    const lines = [h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, sorted ? "✓ " : "• "), t("{right} trên {total} việc ở đúng ô", { right, total }))];
    if (misplaced.length > 0) lines.push(h("p", {}, t("{count} việc cần xem lại: lý do ghi ngay dưới từng việc.", { count: misplaced.length })));
    if (unplaced.length > 0) lines.push(h("p", {}, t("{count} việc chưa xếp.", { count: unplaced.length })));
    if (sorted && missing.length > 0) {
      lines.push(h("p", {}, t("Bảng đã đúng. Anh/chị viết tiếp vòng PDCA của đơn vị mình ở phần dưới để hoàn thành.")));
      this.cycle.showMissing(missing);
    }
    if (done) {
      lines.push(h("p", {}, t("Anh/chị đã xếp đúng cả bảng và lập xong một vòng PDCA cho đơn vị mình.")));
      this.markDone(true);
    }
    const panel = h("div", { class: `ix-w-verdict ${sorted ? "ix-w-verdict-good" : ""}` }, lines);
    fill(this.verdict, panel);
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
    this.show(event.type === "stale" ? event.newer : event.value);
    fill(this.verdict);
    const words = h("p", {}, t("Bảng này vừa được sửa ở một cửa sổ khác; đây là bản mới hơn."));
    const back = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Dùng bản ở cửa sổ này"));
    back.addEventListener("click", () => {
      this.show(event.mine);
      this.changed(false, this.sortingStatus);
    });
    fill(this.notice, h("div", { class: "ix-w-notice" }, words, event.type === "stale" ? back : null));
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

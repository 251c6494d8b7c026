// The grading desk: one question across all officers, by keyboard alone. The answer after the open one is asked for (and
// held) while this one is read, so that it is there at once. Needs no kernel; all it shows comes from the portal's API.
//   mount(el, page)   page = the page context {base, course, quiz, slot, language}

import { ApiError } from "./api.js";
import { fill, h } from "./dom.js";
import { CommentBank } from "./grading_desk_bank.js";
import { DeskCalls, words } from "./grading_desk_calls.js";
import { DeskForm } from "./grading_desk_form.js";
import { number, t } from "./i18n.js";
import { openSession } from "./session.js";

const HOLD_MS = 4 * 60 * 1000;

export async function mount(el, page) {
  el.classList.add("ix-w", "ix-w-desk");
  fill(el, h("p", { class: "ix-w-hint", role: "status" }, t("Đang mở bàn chấm…")));
  const { api } = await openSession(page);
  const desk = new Desk(el, page, api);
  await desk.begin();
  return desk;
}

class Desk {
  constructor(el, page, api) {
    this.page = page;
    this.calls = new DeskCalls(api, page);
    this.drafts = draftStore(api.owner);
    this.form = null;
    this.ahead = null; // a promise of {answer, waiting}
    this.aheadTask = null;
    this.parked = null; // the open answer, while one graded before is looked at again
    this.graded = [];
    this.done = 0;
    this.waiting = 0;
    this.busy = false;

    this.count = h("p", { class: "ix-w-desk-count" });
    this.said = h("p", { class: "ix-w-desk-said", role: "status" });
    this.names = h("input", { type: "checkbox" });
    this.names.checked = localStorage.getItem("isoxa-desk-names") === "hidden";
    this.names.addEventListener("change", () => this.switchNames());
    this.stage = h("div", {});
    this.bank = new CommentBank(this.calls, {
      insert: (text) => this.form && this.form.insert(text),
      current: () => (this.form ? this.form.comment.value : ""),
    });
    this.save = button(t("Lưu và sang bài tiếp"), "Alt+S", () => this.saveAndGo(), true);
    this.skip = button(t("Để sau"), "Alt+N", () => this.putOff());
    this.back = button(t("Mở bài vừa chấm"), "Alt+P", () => this.lookBack());
    this.actions = h("div", { class: "ix-w-desk-bar" }, this.save, this.skip, this.back);
    fill(
      el,
      h("div", { class: "ix-w-desk-top" }, this.count, h("label", { class: "ix-w-desk-names" }, this.names, t("Ẩn tên học viên"))),
      this.said,
      this.stage,
      this.actions,
      this.bank.node,
    );
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("pagehide", () => this.letGo());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    setInterval(() => this.holdOn(), HOLD_MS);
  }

  get anonymous() {
    return this.names.checked;
  }

  async begin() {
    this.bank.load();
    await this.turn(() => this.calls.next(null, this.anonymous));
  }

  // ---- one answer after the other ----

  /** Show the answer that `ask` brings; what went wrong is said, with a way to try again. */
  async turn(ask) {
    try {
      const { answer, waiting } = await ask();
      if (waiting !== null) this.waiting = waiting;
      if (answer === null) this.end();
      else this.show(answer);
    } catch (error) {
      this.form = null;
      this.look();
      fill(this.stage, h("div", { class: "ix-w-card" }, h("p", { role: "alert" }, words(error)), h("button", { type: "button", class: "ix-w-button", onclick: () => this.turn(() => this.calls.next(null, this.anonymous)) }, t("Thử lại"))));
    }
  }

  show(answer) {
    this.form = new DeskForm(answer, this.drafts);
    fill(this.stage, this.form.node);
    this.look();
    if (!this.parked && this.ahead === null) this.loadAhead(answer.task);
    this.form.heading.focus({ preventScroll: true });
    this.stage.scrollIntoView({ block: "start" });
  }

  loadAhead(after) {
    const asked = this.calls.next(after, this.anonymous);
    this.ahead = asked;
    this.aheadTask = null;
    asked.then(
      ({ answer }) => {
        if (this.ahead === asked) this.aheadTask = answer ? answer.task : null;
      },
      () => {
        // Asked again when it is wanted, and what is wrong is said then.
        if (this.ahead === asked) this.ahead = null;
      },
    );
  }

  async goOn(after) {
    const ahead = this.ahead;
    this.ahead = this.aheadTask = null;
    await this.turn(async () => {
      const loaded = await ahead;
      // None was free when it was asked for: look again.
      return loaded && loaded.answer !== null ? loaded : this.calls.next(after, this.anonymous);
    });
  }

  end() {
    this.form = null;
    this.look();
    const again = h("button", { type: "button", class: "ix-w-button ix-w-button-main", onclick: () => this.turn(() => this.calls.next(null, this.anonymous)) }, t("Xem lại các bài để sau"));
    const place = h(
      "div",
      { class: "ix-w-card", tabindex: "-1" },
      h("h2", {}, this.waiting === 0 ? t("Đã chấm hết câu này") : t("Không còn bài nào để nhận")),
      this.waiting === 0 ? null : h("p", {}, t("Còn {count} bài đang chờ: anh/chị để sau, hoặc giảng viên khác đang mở.", { count: number(this.waiting) })),
      h("div", { class: "ix-w-actions" }, this.waiting === 0 ? null : again, h("a", { class: "ix-w-button", href: `${this.page.base}cham-bai` }, t("Chọn câu khác"))),
    );
    fill(this.stage, place);
    place.focus();
  }

  // The line above and the buttons below.
  look() {
    const total = this.done + this.waiting;
    this.count.textContent = this.form && !this.parked ? t("Bài {place} trên {total}", { place: number(Math.min(this.done + 1, total)), total: number(total) }) : this.parked ? t("Đang mở lại bài đã chấm") : t("Đã chấm {done} bài", { done: number(this.done) });
    this.save.hidden = this.form === null;
    this.skip.hidden = this.form === null;
    this.skip.firstChild.textContent = this.parked ? t("Trở lại bài đang chấm") : t("Để sau");
    this.back.hidden = this.graded.length === 0 || this.parked !== null;
  }

  // ---- what the trainer does ----

  async work(run) {
    if (this.busy) return;
    this.busy = true;
    this.save.setAttribute("aria-disabled", "true");
    try {
      await run();
    } finally {
      this.busy = false;
      this.save.removeAttribute("aria-disabled");
    }
  }

  saveAndGo() {
    const { form } = this;
    if (form === null) return null;
    return this.work(async () => {
      const { task } = form.answer;
      let saved;
      try {
        saved = await this.calls.grade(task, form.mark());
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        form.refuse(words(error), error.code);
        return;
      }
      this.drafts.drop(task);
      this.said.textContent = t("✓ Đã lưu {points} điểm.", { points: number(saved.points) });
      if (this.parked) {
        this.resume();
        return;
      }
      this.done += 1;
      this.waiting = Math.max(0, this.waiting - 1);
      this.graded.push(task);
      await this.goOn(task);
    });
  }

  putOff() {
    const { form } = this;
    if (form === null) return null;
    return this.work(async () => {
      if (this.parked) {
        this.resume();
        return;
      }
      const { task } = form.answer;
      this.quietly(() => this.calls.release(task));
      this.said.textContent = t("Bài vừa rồi để sau; những gì đã ghi được giữ trong thẻ này.");
      await this.goOn(task);
    });
  }

  lookBack() {
    if (this.graded.length === 0 || this.parked) return null;
    return this.work(async () => {
      try {
        const answer = await this.calls.open(this.graded[this.graded.length - 1], this.anonymous);
        this.parked = { form: this.form };
        this.show(answer);
      } catch (error) {
        this.said.textContent = words(error);
      }
    });
  }

  resume() {
    const { form } = this.parked;
    this.parked = null;
    if (form === null) {
      this.end();
      return;
    }
    this.form = form;
    fill(this.stage, form.node);
    this.look();
    form.heading.focus();
  }

  async switchNames() {
    localStorage.setItem("isoxa-desk-names", this.anonymous ? "hidden" : "shown");
    const shown = this.form;
    // What was loaded ahead came with the other choice.
    if (this.aheadTask) this.quietly(() => this.calls.release(this.aheadTask));
    this.ahead = this.aheadTask = null;
    if (shown === null) return;
    try {
      const answer = await this.calls.open(shown.answer.task, this.anonymous);
      if (this.parked && this.parked.form) this.parked.form = new DeskForm(await this.calls.open(this.parked.form.answer.task, this.anonymous), this.drafts);
      this.show(answer);
      this.names.focus();
    } catch (error) {
      this.said.textContent = words(error);
    }
  }

  // ---- holding ----

  async holdOn() {
    const open = this.parked ? this.parked.form : this.form;
    if (open) {
      try {
        await this.calls.hold(open.answer.task);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === "held") open.refuse(words(error), error.code);
      }
    }
    if (this.aheadTask) this.quietly(() => this.calls.hold(this.aheadTask), () => {
      this.ahead = this.aheadTask = null;
    });
  }

  letGo() {
    const open = this.parked ? this.parked.form : this.form;
    for (const task of [open && open.answer.task, this.aheadTask]) {
      if (task) this.quietly(() => this.calls.release(task, { keepalive: true }));
    }
  }

  // A claim that cannot be given back or renewed runs out by itself.
  async quietly(run, otherwise) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (otherwise) otherwise();
    }
  }

  // ---- keys: always with Alt or Ctrl, so that typing is never taken for a command ----

  key(event) {
    if (event.isComposing || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey && !event.altKey && event.key === "Enter") {
      event.preventDefault();
      this.saveAndGo();
      return;
    }
    if (!event.altKey || event.ctrlKey || event.shiftKey) return;
    const act = this.command(event.code);
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  }

  command(code) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
    if (digit) return () => this.form && this.form.toggle(Number(digit[1]) - 1);
    return {
      KeyS: () => this.saveAndGo(),
      KeyN: () => this.putOff(),
      KeyP: () => this.lookBack(),
      KeyI: () => this.form && this.form.points.focus(),
      KeyX: () => this.form && this.form.comment.focus(),
      KeyK: () => this.bank.focus(),
      KeyA: () => this.form && this.form.heading.focus(),
    }[code];
  }
}

function button(label, keys, run, main) {
  return h("button", { type: "button", class: main ? "ix-w-button ix-w-button-main" : "ix-w-button", "aria-keyshortcuts": keys, onclick: run }, h("span", {}, label), h("kbd", { "aria-hidden": "true" }, keys));
}

// Kept in this tab only: on a shared computer the next person must not find them.
function draftStore(owner) {
  const key = (task) => `isoxa-desk:${owner}:${task}`;
  return {
    get: (task) => JSON.parse(sessionStorage.getItem(key(task)) || "null"),
    set: (task, draft) => sessionStorage.setItem(key(task), JSON.stringify(draft)),
    drop: (task) => sessionStorage.removeItem(key(task)),
  };
}

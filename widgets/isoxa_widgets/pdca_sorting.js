// Sorting tasks into boxes, three ways with one result:
//   mouse     drag a task onto a box, or click it and then a box;
//   touch     tap a task, tap a box in the bar (it stays at the lower edge of the screen);
//   keyboard  Tab to a task, choose it with Enter or Space, then the box; or press 1–4 on a task; 0 takes it back.
// What is not sorted yet stands in the tray. After a task is placed the next one is chosen, so that sorting goes on.

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";

export class SortingBoard {
  constructor({ items, boxes, onChange }) {
    this.items = items;
    this.boxes = boxes;
    this.onChange = onChange;
    this.where = new Map();
    this.cards = new Map();
    this.lists = new Map();
    this.counts = new Map();
    this.targets = [];
    this.chosen = null;
    this.dragged = null;
    this.locked = false;
    this.said = h("p", { class: "ix-w-hidden", role: "status" });
    for (const item of items) this.cards.set(item.id, this.card(item));
    const tray = this.place("", t("Việc chưa xếp"), "ix-w-tray");
    const grid = h("div", { class: "ix-w-boxes" }, boxes.map((box) => this.place(box.id, box.text, "ix-w-box")));
    this.node = h("div", { class: "ix-w-sorting" }, h("div", { class: "ix-w-sorting-table" }, tray, grid), this.bar(), this.said);
    this.arrange();
  }

  get size() {
    return this.items.length;
  }

  // ---- building ----

  card(item) {
    const face = h(
      "div",
      { class: "ix-w-task-face", role: "button", tabindex: "0", "aria-pressed": "false", draggable: "true" },
      item.text,
    );
    const card = { item, face, reason: null, row: h("li", { class: "ix-w-task" }, face) };
    face.addEventListener("click", () => this.choose(this.chosen === item.id ? null : item.id));
    face.addEventListener("keydown", (event) => this.key(event, item.id));
    face.addEventListener("dragstart", (event) => {
      if (this.locked) return event.preventDefault();
      this.dragged = item.id;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.text);
      return this.choose(item.id);
    });
    face.addEventListener("dragend", () => {
      this.dragged = null;
      for (const target of this.targets) target.classList.remove("ix-w-over");
    });
    return card;
  }

  place(id, text, look) {
    const title = h("h4", { id: uid("box"), class: "ix-w-box-title" }, text);
    const count = h("span", { class: "ix-w-box-count" });
    const list = h("ul", { class: "ix-w-tasks", "aria-labelledby": title.id });
    const node = h("div", { class: look, "data-box": id }, h("div", { class: "ix-w-box-head" }, title, count), list);
    node.addEventListener("click", (event) => {
      if (this.chosen !== null && !event.target.closest(".ix-w-task")) this.put(this.chosen, id);
    });
    node.addEventListener("dragover", (event) => {
      if (this.dragged === null) return;
      event.preventDefault();
      node.classList.add("ix-w-over");
    });
    node.addEventListener("dragleave", () => node.classList.remove("ix-w-over"));
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      node.classList.remove("ix-w-over");
      if (this.dragged !== null) this.put(this.dragged, id);
    });
    this.lists.set(id, list);
    this.counts.set(id, count);
    this.targets.push(node);
    return node;
  }

  bar() {
    const label = h("p", { id: uid("bar"), class: "ix-w-bar-label" }, t("Đặt việc đang chọn vào ô:"));
    this.buttons = [...this.boxes, { id: "", text: t("Bỏ ra ngoài") }].map((box, index) => {
      const number = box.id ? index + 1 : 0;
      const button = h("button", { type: "button", class: "ix-w-button ix-w-button-small", "aria-disabled": "true", "aria-keyshortcuts": String(number) }, box.text);
      button.addEventListener("click", () => this.chosen !== null && this.put(this.chosen, box.id));
      return button;
    });
    const keys = h("p", { class: "ix-w-hint ix-w-bar-keys" }, t("Bằng bàn phím: chọn việc, rồi bấm phím 1, 2, 3, 4; phím 0 để bỏ ra ngoài."));
    return h("div", { class: "ix-w-bar", role: "group", "aria-labelledby": label.id }, label, h("div", { class: "ix-w-bar-buttons" }, this.buttons), keys);
  }

  // ---- acting ----

  key(event, id) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(id);
      if (this.chosen === id) this.buttons[0].focus();
    } else if (event.key === "Escape" && this.chosen !== null) {
      this.choose(null);
    } else if (event.key === "0" || event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.put(id, "");
    } else if (/^[1-9]$/.test(event.key) && this.boxes[Number(event.key) - 1]) {
      event.preventDefault();
      this.put(id, this.boxes[Number(event.key) - 1].id);
    }
  }

  choose(id) {
    if (this.locked) return;
    this.chosen = id;
    for (const [known, card] of this.cards) card.face.setAttribute("aria-pressed", String(known === id));
    for (const button of this.buttons) button.setAttribute("aria-disabled", String(id === null));
    this.node.classList.toggle("ix-w-choosing", id !== null);
  }

  put(id, box) {
    if (this.locked) return;
    const before = this.where.get(id) || "";
    if (before === box) {
      this.choose(null);
      this.cards.get(id).face.focus();
      return;
    }
    const next = this.nextAfter(id);
    if (box) this.where.set(id, box);
    else this.where.delete(id);
    this.clearReason(id);
    this.arrange();
    this.onChange();
    const text = box ? this.boxes.find((one) => one.id === box).text : t("Việc chưa xếp");
    this.said.textContent = t("Đã đặt vào {box}: {task}", { box: text, task: this.cards.get(id).item.text });
    // On to the next task of the tray; a correction stays where it is.
    const onward = before === "" && next !== null ? next : id;
    this.choose(before === "" ? next : null);
    this.cards.get(onward).face.focus({ preventScroll: before === "" && next !== null });
  }

  nextAfter(id) {
    const tray = this.items.map((item) => item.id).filter((known) => !this.where.has(known) || known === id);
    const index = tray.indexOf(id);
    const rest = [...tray.slice(index + 1), ...tray.slice(0, Math.max(index, 0))];
    return rest.length > 0 ? rest[0] : null;
  }

  arrange() {
    for (const [id, card] of this.cards) {
      const list = this.lists.get(this.where.get(id) || "");
      if (card.row.parentNode !== list) list.append(card.row);
    }
    for (const [id, count] of this.counts) {
      const size = this.lists.get(id).children.length;
      count.textContent = id || size > 0 ? t("{count} việc", { count: size }) : t("đã xếp hết");
    }
  }

  // ---- outside ----

  placed() {
    return Object.fromEntries(this.where);
  }

  setPlaced(placed) {
    const known = new Set(this.boxes.map((box) => box.id));
    this.where = new Map(Object.entries(placed).filter(([id, box]) => this.cards.has(id) && known.has(box)));
    for (const id of this.cards.keys()) this.clearReason(id);
    this.choose(null);
    this.arrange();
  }

  setDisabled(flag) {
    this.locked = flag;
    this.node.classList.toggle("ix-w-is-disabled", flag);
  }

  clearReason(id) {
    const card = this.cards.get(id);
    card.row.classList.remove("ix-w-part-good", "ix-w-part-bad");
    if (card.reason) card.reason.remove();
    card.reason = null;
    card.face.removeAttribute("aria-describedby");
  }

  /** Mark every sorted task; under a misplaced one stands why. */
  showReasons(misplaced, unplaced) {
    const wrong = new Map(misplaced.map((one) => [one.item, one]));
    for (const [id, card] of this.cards) {
      this.clearReason(id);
      if (unplaced.includes(id)) continue;
      const one = wrong.get(id);
      card.row.classList.add(one ? "ix-w-part-bad" : "ix-w-part-good");
      const sign = h("span", { "aria-hidden": "true", class: "ix-w-note-sign" }, one ? "✗ " : "✓ ");
      card.reason = h("p", { class: "ix-w-note", id: uid("reason") }, sign, one ? `${t("Chưa đúng ô.")} ${one.why}` : t("Đúng ô."));
      card.row.append(card.reason);
      card.face.setAttribute("aria-describedby", card.reason.id);
    }
  }
}

// Put items in order: buttons "Lên" and "Xuống" for keyboard and touch; dragging with a mouse is an extra.
// The order shown at first is nobody's answer until the officer moves something or says it is right as it stands.

import { h } from "./dom.js";
import { t } from "./i18n.js";

export function renderOrdering({ question }, onChange) {
  let order = question.items.map((item) => item.id);
  let touched = false;
  let locked = false;
  let dragged = null;
  const texts = new Map(question.items.map((item) => [item.id, item.text]));
  const rows = new Map();
  const said = h("p", { class: "ix-w-said", "aria-live": "polite" });
  const list = h("ol", { class: "ix-w-order" });
  const keep = h("button", { type: "button", class: "ix-w-button ix-w-button-small", onclick: () => settle() }, t("Giữ nguyên thứ tự này"));

  function place() {
    order.forEach((id, index) => {
      const { row, number, up, down } = rows.get(id);
      number.textContent = `${index + 1}.`;
      // Not `disabled`: the button would lose the focus just when the item reaches the end.
      up.setAttribute("aria-disabled", String(locked || index === 0));
      down.setAttribute("aria-disabled", String(locked || index === order.length - 1));
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] || null);
    });
    keep.hidden = touched || locked;
  }

  function settle() {
    touched = true;
    place();
    onChange(get());
  }

  function move(id, to, button) {
    const from = order.indexOf(id);
    if (locked || to < 0 || to >= order.length || to === from) return;
    order.splice(from, 1);
    order.splice(to, 0, id);
    settle();
    if (button) button.focus();
    said.textContent = t("{item}: vị trí {place} trên {total}", { item: texts.get(id), place: to + 1, total: order.length });
  }

  for (const item of question.items) {
    const number = h("span", { class: "ix-w-order-number", "aria-hidden": "true" });
    const step = (label, sign, by) => {
      const button = h(
        "button",
        { type: "button", class: "ix-w-button ix-w-button-step", "aria-label": `${label}: ${item.text}` },
        h("span", { "aria-hidden": "true" }, sign),
        label,
      );
      button.addEventListener("click", () => move(item.id, order.indexOf(item.id) + by, button));
      return button;
    };
    const up = step(t("Lên"), "↑ ", -1);
    const down = step(t("Xuống"), "↓ ", 1);
    const row = h(
      "li",
      { class: "ix-w-part", draggable: "true" },
      h("div", { class: "ix-w-order-row" }, number, h("span", { class: "ix-w-order-text" }, item.text), h("span", { class: "ix-w-order-steps" }, up, down)),
    );
    row.addEventListener("dragstart", (event) => {
      if (locked) return event.preventDefault();
      dragged = item.id;
      event.dataTransfer.effectAllowed = "move";
      return event.dataTransfer.setData("text/plain", item.text);
    });
    row.addEventListener("dragend", () => {
      dragged = null;
    });
    row.addEventListener("dragover", (event) => dragged !== null && event.preventDefault());
    row.addEventListener("drop", (event) => {
      if (dragged === null) return;
      event.preventDefault();
      move(dragged, order.indexOf(item.id));
    });
    rows.set(item.id, { row, number, up, down });
  }
  place();

  const get = () => (touched ? [...order] : null);
  return {
    node: h("div", { class: "ix-w-ordering" }, list, keep, said),
    get,
    set: (answer) => {
      const whole = Array.isArray(answer) && answer.length === texts.size && new Set(answer.filter((id) => texts.has(id))).size === texts.size;
      touched = whole;
      order = whole ? [...answer] : question.items.map((item) => item.id);
      place();
    },
    disable: (flag) => {
      locked = flag;
      for (const { row } of rows.values()) row.setAttribute("draggable", String(!flag));
      place();
    },
    parts: () => new Map([...rows].map(([id, { row }]) => [id, row])),
  };
}

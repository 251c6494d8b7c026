// Matching (a list to choose from for each left side) and classification (a box to choose for each statement).

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Long texts do not fit into a closed list on a phone: they stand in full above, under a letter. */
export function letteredList(parts) {
  return h(
    "ul",
    { class: "ix-w-match-rights" },
    parts.map((part, index) => h("li", {}, h("strong", {}, `${LETTERS[index]}. `), part.text)),
  );
}

/** The options of a list to choose from: nothing chosen, then the parts under their letters. */
export function letteredOptions(parts) {
  return [h("option", { value: "" }, t("– Chọn –")), ...parts.map((part, index) => h("option", { value: part.id }, `${LETTERS[index]}. ${part.text}`))];
}

/** What a question answers that consists of lists to choose from: `selects` maps an id to its list. */
export function answerOfSelects(selects) {
  return {
    get: () => {
      const chosen = [...selects].filter(([, select]) => select.value !== "").map(([id, select]) => [id, select.value]);
      return chosen.length > 0 ? Object.fromEntries(chosen) : null;
    },
    set: (answer) => {
      for (const [id, select] of selects) {
        const wanted = answer && typeof answer === "object" ? answer[id] : "";
        select.value = wanted || "";
        if (select.selectedIndex < 0) select.value = "";
      }
    },
    disable: (flag) => {
      for (const select of selects.values()) select.disabled = flag;
    },
  };
}

export function renderMatching({ question, problemId }, onChange) {
  const rows = new Map();
  const selects = new Map();
  const answer = answerOfSelects(selects);
  const list = h("div", { class: "ix-w-match" });
  for (const left of question.lefts) {
    const id = uid("left");
    const select = h(
      "select",
      { id, class: "ix-w-input", "aria-describedby": problemId, onchange: () => onChange(answer.get()) },
      letteredOptions(question.rights),
    );
    const row = h("div", { class: "ix-w-part ix-w-match-row" }, h("label", { for: id }, left.text), select);
    selects.set(left.id, select);
    rows.set(left.id, row);
    list.append(row);
  }
  return { node: h("div", {}, letteredList(question.rights), list), ...answer, parts: () => rows };
}

export function renderClassification({ question, problemId }, onChange) {
  const rows = new Map();
  const radios = new Map();
  const get = () => {
    const placed = [];
    for (const [id, inputs] of radios) {
      const input = inputs.find((one) => one.checked);
      if (input) placed.push([id, input.value]);
    }
    return placed.length > 0 ? Object.fromEntries(placed) : null;
  };
  const node = h("div", { class: "ix-w-sort" });
  for (const item of question.items) {
    const label = uid("item");
    const name = uid("box");
    const inputs = question.boxes.map((box) => h("input", { type: "radio", name, value: box.id, onchange: () => onChange(get()) }));
    const row = h(
      "div",
      { class: "ix-w-part ix-w-sort-item", role: "radiogroup", "aria-labelledby": label, "aria-describedby": problemId },
      h("p", { id: label, class: "ix-w-sort-text" }, item.text),
      h(
        "div",
        { class: "ix-w-sort-boxes" },
        question.boxes.map((box, index) => h("label", { class: "ix-w-choice ix-w-choice-box" }, inputs[index], h("span", {}, box.text))),
      ),
    );
    radios.set(item.id, inputs);
    rows.set(item.id, row);
    node.append(row);
  }
  return {
    node,
    get,
    set: (answer) => {
      for (const [id, inputs] of radios) {
        const wanted = answer && typeof answer === "object" ? answer[id] : null;
        for (const input of inputs) input.checked = input.value === wanted;
      }
    },
    disable: (flag) => {
      for (const input of [...radios.values()].flat()) input.disabled = flag;
    },
    parts: () => rows,
  };
}

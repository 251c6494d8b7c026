// Single choice (radio buttons) and multiple choice (check boxes).

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";

function choices(context, type, onChange) {
  const name = uid("choice");
  const inputs = new Map();
  const rows = new Map();
  const single = type === "radio";
  const node = h("div", {
    class: "ix-w-choices",
    role: single ? "radiogroup" : null,
    "aria-labelledby": single ? context.promptId : null,
    "aria-describedby": context.problemId,
  });
  if (!single) node.append(h("p", { class: "ix-w-hint" }, t("Có thể chọn nhiều ý.")));
  const get = () => {
    const chosen = [...inputs].filter(([, input]) => input.checked).map(([id]) => id);
    if (single) return chosen.length > 0 ? chosen[0] : null;
    return chosen.length > 0 ? chosen : null;
  };
  for (const choice of context.question.choices) {
    const input = h("input", { type, name, value: choice.id, onchange: () => onChange(get()) });
    const row = h("div", { class: "ix-w-part" }, h("label", { class: "ix-w-choice" }, input, h("span", {}, choice.text)));
    inputs.set(choice.id, input);
    rows.set(choice.id, row);
    node.append(row);
  }
  return {
    node,
    get,
    set: (answer) => {
      const wanted = new Set(Array.isArray(answer) ? answer : [answer]);
      for (const [id, input] of inputs) input.checked = wanted.has(id);
    },
    disable: (flag) => {
      for (const input of inputs.values()) input.disabled = flag;
    },
    parts: () => rows,
    word: (id, right) => {
      if (inputs.get(id).checked) return right ? t("Chọn đúng.") : t("Không nên chọn ý này.");
      return right ? t("Không chọn là đúng.") : t("Nên chọn ý này.");
    },
  };
}

export function renderSingle(context, onChange) {
  return choices(context, "radio", onChange);
}

export function renderMultiple(context, onChange) {
  return choices(context, "checkbox", onChange);
}

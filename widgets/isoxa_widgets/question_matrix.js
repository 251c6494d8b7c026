// Matrix score: for each risk a level of likelihood and one of severity, their product in words, and its place on the grid.
// An answer is {item: [likelihood, severity]}; a level not chosen yet is null, so that half an item is kept too.

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";

const LEVELS = [1, 2, 3, 4, 5];
/** Longer words than this are cut off in a closed list on a phone: then the whole scale stands in full above. */
const LONGEST_WORDS = 28;

export function renderMatrix({ question, problemId }, onChange) {
  const items = new Map();
  const get = () => {
    const placed = [...items].map(([id, item]) => [id, item.levels()]).filter(([, levels]) => levels.some((level) => level !== null));
    return placed.length > 0 ? Object.fromEntries(placed) : null;
  };
  const node = h("div", { class: "ix-w-matrix" }, drawScale(t("Khả năng xảy ra"), question.scale.likelihood), drawScale(t("Mức ảnh hưởng"), question.scale.severity));
  for (const item of question.items) {
    const drawn = drawItem(question, item, problemId, () => onChange(get()));
    items.set(item.id, drawn);
    node.append(drawn.node);
  }
  return {
    node,
    get,
    set: (answer) => {
      for (const [id, item] of items) item.set(answer && typeof answer === "object" ? answer[id] : null);
    },
    disable: (flag) => {
      for (const item of items.values()) item.disable(flag);
    },
    parts: () => new Map([...items].map(([id, item]) => [id, item.node])),
  };
}

function drawScale(name, words) {
  if (words.every((text) => text.length <= LONGEST_WORDS)) return null;
  const id = uid("scale");
  return h(
    "div",
    { class: "ix-w-scale" },
    h("p", { id, class: "ix-w-hint" }, name),
    h("ul", { class: "ix-w-match-rights", "aria-labelledby": id }, words.map((text, index) => h("li", {}, h("strong", {}, `${index + 1} – `), text))),
  );
}

function drawItem(question, item, problemId, onChange) {
  const text = h("p", { id: uid("risk"), class: "ix-w-sort-text" }, item.text);
  const grid = h("div", { class: "ix-w-grid", role: "img" });
  const product = h("p", { class: "ix-w-matrix-product", "aria-live": "polite" });
  const changed = () => {
    show();
    onChange();
  };
  const likelihood = drawLevels(t("Khả năng xảy ra"), question.scale.likelihood, problemId, changed);
  const severity = drawLevels(t("Mức ảnh hưởng"), question.scale.severity, problemId, changed);
  const levels = () => [likelihood.get(), severity.get()];
  function show() {
    product.textContent = inWords(question.bands, ...levels());
    drawGrid(grid, question.bands, ...levels());
  }
  show();
  const node = h(
    "div",
    { class: "ix-w-part ix-w-matrix-item", role: "group", "aria-labelledby": text.id },
    text,
    h("div", { class: "ix-w-matrix-row" }, h("div", { class: "ix-w-matrix-levels" }, likelihood.node, severity.node, product), grid),
  );
  return {
    node,
    levels,
    set: (placed) => {
      likelihood.set(Array.isArray(placed) ? placed[0] : null);
      severity.set(Array.isArray(placed) ? placed[1] : null);
      show();
    },
    disable: (flag) => {
      likelihood.select.disabled = flag;
      severity.select.disabled = flag;
    },
  };
}

function drawLevels(name, words, problemId, onChange) {
  const id = uid("level");
  const select = h(
    "select",
    { id, class: "ix-w-input", "aria-describedby": problemId, onchange: onChange },
    h("option", { value: "" }, t("– Chọn –")),
    LEVELS.map((level) => h("option", { value: String(level) }, `${level} – ${words[level - 1]}`)),
  );
  return {
    node: h("div", { class: "ix-w-field" }, h("label", { for: id }, name), select),
    select,
    get: () => (select.value === "" ? null : Number(select.value)),
    set: (level) => {
      select.value = LEVELS.includes(level) ? String(level) : "";
    },
  };
}

function bandOf(bands, product) {
  return bands.findIndex((band) => product <= band.to);
}

function inWords(bands, likelihood, severity) {
  if (likelihood === null || severity === null) return t("Chọn cả hai mức để tính điểm rủi ro.");
  const product = likelihood * severity;
  return t("Điểm rủi ro: {likelihood} × {severity} = {product}, mức {band} (thang minh họa)", { likelihood, severity, product, band: bands[bandOf(bands, product)].text });
}

// A picture made of boxes, with the products in them, so that colour is not alone; what it shows is said in its label.
function drawGrid(grid, bands, likelihood, severity) {
  const whole = likelihood !== null && severity !== null;
  const words = whole
    ? t("Lưới 5×5: rủi ro đứng ở khả năng {likelihood}, ảnh hưởng {severity}.", { likelihood, severity })
    : t("Lưới 5×5: rủi ro chưa có chỗ đứng.");
  grid.setAttribute("aria-label", words);
  const boxes = [h("span", { class: "ix-w-grid-up" }, t("Khả năng ↑"))];
  for (const row of [...LEVELS].reverse()) {
    boxes.push(h("span", { class: "ix-w-grid-level" }, String(row)));
    for (const column of LEVELS) {
      const classes = ["ix-w-grid-box", `ix-w-grid-band-${bandOf(bands, row * column)}`];
      if (whole && row === likelihood && column === severity) classes.push("ix-w-grid-here");
      else if (!whole && (row === likelihood || column === severity)) classes.push("ix-w-grid-line");
      boxes.push(h("span", { class: classes.join(" ") }, String(row * column)));
    }
  }
  boxes.push(h("span"), ...LEVELS.map((level) => h("span", { class: "ix-w-grid-level" }, String(level))), h("span", { class: "ix-w-grid-across" }, t("Ảnh hưởng →")));
  grid.replaceChildren(...boxes);
}

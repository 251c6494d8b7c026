// The causes drawn as a tree: in columns from the problem to the right where there is room, else as an indented list with
// lines. The words of the picture are short; the list of cause_editor.js says everything.

import { childrenOf, numbersOf } from "./cause_forest.js";
import { h } from "./dom.js";
import { number, t } from "./i18n.js";
import { picture, wrapText } from "./picture.js";
import { svg } from "./svg.js";

const FONT = 14;
const LINE = 19;
const PAD = 9;
const GAP = { x: 30, y: 12 };
const NARROWEST = 150;
const WIDEST = 270;
const LONGEST = 220;

export class CausePicture {
  constructor() {
    this.node = h("div", { class: "ix-w-cause-picture" });
    this.shown = null;
    this.width = 0;
    this.watch = new ResizeObserver(() => {
      if (this.shown !== null && Math.abs(this.node.clientWidth - this.width) > 1) this.draw(...this.shown);
    });
    this.watch.observe(this.node);
  }

  close() {
    this.watch.disconnect();
  }

  draw(problem, causes, root) {
    this.shown = [problem, causes, root];
    this.width = this.node.clientWidth;
    if (this.width < 80 || causes.length === 0) {
      this.node.replaceChildren();
      return;
    }
    const family = getComputedStyle(this.node).fontFamily;
    const numbers = numbersOf(causes);
    const grow = (id, text, depth) => ({
      id,
      depth,
      text: cut(text),
      isRoot: id !== "" && id === root,
      children: childrenOf(causes, id).map((one) => grow(one.id, `${numbers.get(one.id)}. ${one.text.trim() || "…"}`, depth + 1)),
    });
    const tree = grow("", problem.trim() || t("Điểm không phù hợp (chưa ghi)"), 0);
    const all = flat(tree);
    const deepest = Math.max(...all.map((node) => node.depth));
    const column = (this.width - GAP.x * deepest) / (deepest + 1);
    const measure = (node, width) => {
      node.width = width;
      node.lines = wrapText(node.text, width - 2 * PAD, `${node.depth === 0 ? "600 " : ""}${FONT}px ${family}`);
      node.height = (node.lines.length + (node.isRoot ? 1 : 0)) * LINE + 2 * PAD - 3;
    };
    const inColumns = column >= NARROWEST;
    const height = inColumns ? columns(tree, Math.min(column, WIDEST), measure) : indented(all, this.width, deepest, measure);
    const width = inColumns ? Math.max(...all.map((node) => node.x + node.width)) : this.width;
    const drawing = picture(width + 2, height + 2, "ix-w-cause-drawing", tell(causes, numbers, root, deepest), all.map((node) => lines(node, inColumns)), all.map(box));
    // Drawn in the page's own pixels, so that the words have the size of the words around.
    drawing.setAttribute("width", String(width + 2));
    drawing.setAttribute("height", String(height + 2));
    this.node.replaceChildren(drawing);
  }
}

function cut(text) {
  const plain = text.replace(/\s+/g, " ");
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

function flat(node) {
  return [node, ...node.children.flatMap(flat)];
}

// Each column one why deeper; a cause stands in the middle of what explains it.
function columns(tree, width, measure) {
  const place = (node, top) => {
    measure(node, width);
    node.x = 1 + node.depth * (width + GAP.x);
    let bottom = top;
    for (const child of node.children) bottom = place(child, bottom) + GAP.y;
    bottom -= node.children.length > 0 ? GAP.y : 0;
    if (bottom - top >= node.height) {
      node.y = top + (bottom - top - node.height) / 2;
      return bottom;
    }
    node.y = top;
    const down = (node.height - (bottom - top)) / 2;
    for (const child of node.children.flatMap(flat)) child.y += down;
    return top + node.height;
  };
  return place(tree, 1);
}

// One below the other, each why a little further to the right.
function indented(all, width, deepest, measure) {
  const step = Math.min(22, (width - NARROWEST) / Math.max(1, deepest));
  let y = 1;
  for (const node of all) {
    node.x = 1 + node.depth * step;
    node.y = y;
    measure(node, width - node.x - 1);
    y += node.height + GAP.y;
  }
  return y - GAP.y;
}

function lines(node, inColumns) {
  return node.children.map((child) => {
    const middle = child.y + child.height / 2;
    const path = inColumns
      ? curve(node.x + node.width, node.y + node.height / 2, child.x, middle)
      : `M${node.x + 9},${node.y + node.height} V${middle} H${child.x}`;
    return svg("path", { d: path, class: "ix-w-cause-line" });
  });
}

function curve(x1, y1, x2, y2) {
  const half = (x1 + x2) / 2;
  return `M${x1},${y1} C${half},${y1} ${half},${y2} ${x2},${y2}`;
}

function box(node) {
  const left = node.x + PAD;
  const words = node.lines.map((line, index) => svg("tspan", { x: left, y: node.y + PAD + 12 + index * LINE }, line));
  const mark = node.isRoot ? svg("tspan", { x: left, y: node.y + PAD + 12 + node.lines.length * LINE, class: "ix-w-cause-mark" }, `◎ ${t("Nguyên nhân gốc")}`) : null;
  const look = node.depth === 0 ? " ix-w-cause-problem" : node.isRoot ? " ix-w-cause-chosen" : "";
  return svg("g", { class: `ix-w-cause-box${look}` }, svg("rect", { x: node.x, y: node.y, width: node.width, height: node.height, rx: 6 }), svg("text", { style: `font-size: ${FONT}px` }, words, mark));
}

function tell(causes, numbers, root, deepest) {
  const counts = { count: number(causes.length), depth: number(deepest) };
  const words = t("Cây nguyên nhân: {count} nguyên nhân, nhánh sâu nhất {depth} lần hỏi vì sao.", counts);
  const chosen = causes.find((cause) => cause.id === root);
  return chosen ? `${words} ${t("Nguyên nhân gốc: {number}. {text}", { number: numbers.get(root), text: chosen.text.trim() || "…" })}` : words;
}

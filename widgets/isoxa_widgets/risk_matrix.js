// The 5×5 matrix as a picture: likelihood upwards, effect (or benefit) to the right, the product in each cell, and marks for
// risks before (filled) and after (ring) with an arrow between. A click on a cell may choose it; who works without a mouse
// has the two lists beside it, so the picture is one thing with words to the keyboard.

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";
import { picture } from "./picture.js";
import { svg } from "./svg.js";

export const LEVELS = [1, 2, 3, 4, 5];
const SIGNS = ["▽", "◇", "▲"];
const CELL = 62;
const LEFT = 46;
const TOP = 8;
const SIZE = { width: LEFT + 5 * CELL + 4, height: TOP + 5 * CELL + 46 };
const MOST_IN_CELL = 9;

export function bandOf(bands, product) {
  return bands.findIndex((band) => product <= band.to);
}

/** "▲ 15 – cao"; a dash while a level is missing. */
export function scoreWords(bands, place) {
  if (!isPlace(place)) return "–";
  const product = place.likelihood * place.severity;
  const band = bandOf(bands, product);
  return `${SIGNS[band]} ${product} – ${bands[band].text}`;
}

export function isPlace(place) {
  return Boolean(place) && LEVELS.includes(place.likelihood) && LEVELS.includes(place.severity);
}

/** The list of the bands under a matrix: "▽ 1–5 thấp". */
export function bandLegend(bands, tone = "risk") {
  const items = bands.map((band, index) => {
    // Only products of two levels occur: after 12 comes 15.
    const from = index === 0 ? 1 : firstAbove(bands[index - 1].to);
    return h("li", {}, h("span", { class: `ix-w-m-swatch ix-w-m-band-${index}`, "aria-hidden": "true" }, SIGNS[index]), `${from}–${band.to}: ${band.text}`);
  });
  return h("ul", { class: `ix-w-m-legend ix-w-m-${tone}` }, items);
}

/** The five levels in full: a closed list cuts long words off. `axes`: [{name, words}]. */
export function scaleTable(axes) {
  const head = h("tr", {}, h("th", { scope: "col" }, t("Mức")), axes.map((axis) => h("th", { scope: "col" }, axis.name)));
  const rows = LEVELS.map((level) => h("tr", {}, h("th", { scope: "row" }, String(level)), axes.map((axis) => h("td", {}, axis.words[level - 1]))));
  return h("details", { class: "ix-w-m-scale" }, h("summary", {}, t("Xem thang điểm đầy đủ")), h("table", { class: "ix-w-register-table" }, h("thead", {}, head), h("tbody", {}, rows)));
}

function firstAbove(product) {
  const products = LEVELS.flatMap((one) => LEVELS.map((other) => one * other)).filter((one) => one > product);
  return Math.min(...products);
}

export class RiskMatrix {
  /** `across` names the axis to the right; `tone` is "risk" or "opportunity"; `onPick(likelihood, severity)` on a click. */
  constructor({ bands, across, tone = "risk", onPick = null }) {
    this.bands = bands;
    this.across = across;
    this.onPick = onPick;
    this.arrow = uid("arrow");
    this.node = h("div", { class: `ix-w-m ix-w-m-${tone}${onPick ? " ix-w-m-picking" : ""}` });
  }

  /** `marks`: [{label, before: {likelihood, severity}, after?: {…}}]; `words` tell the picture. */
  draw(marks, words) {
    const spots = spotsOf(marks);
    this.node.replaceChildren(
      picture(SIZE.width, SIZE.height, "ix-w-m-picture", words, this.head(), this.cells(marks), this.axes(), this.arrows(spots), spots.map((spot) => this.drawSpot(spot))),
    );
  }

  head() {
    const tip = svg("path", { d: "M0,0 L8,4 L0,8 z", class: "ix-w-m-tip" });
    return svg("defs", {}, svg("marker", { id: this.arrow, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, tip));
  }

  cells(marks) {
    return LEVELS.flatMap((likelihood) =>
      LEVELS.map((severity) => {
        const product = likelihood * severity;
        const here = marks.some(({ before }) => isPlace(before) && before.likelihood === likelihood && before.severity === severity);
        const [x, y] = corner(likelihood, severity);
        const cell = svg(
          "g",
          { class: `ix-w-m-cell ix-w-m-band-${bandOf(this.bands, product)}${here ? " ix-w-m-here" : ""}`, "data-cell": `${likelihood}x${severity}` },
          svg("rect", { x: x + 1, y: y + 1, width: CELL - 2, height: CELL - 2, rx: 4 }),
          svg("text", { x: x + CELL - 7, y: y + 17, class: "ix-w-m-product" }, String(product)),
        );
        if (this.onPick) cell.addEventListener("click", () => this.onPick(likelihood, severity));
        return cell;
      }),
    );
  }

  axes() {
    const middle = TOP + 2.5 * CELL;
    return [
      LEVELS.map((level) => svg("text", { x: LEFT - 10, y: TOP + (5 - level) * CELL + CELL / 2 + 5, class: "ix-w-m-level" }, String(level))),
      LEVELS.map((level) => svg("text", { x: LEFT + (level - 0.5) * CELL, y: TOP + 5 * CELL + 19, class: "ix-w-m-level" }, String(level))),
      svg("text", { x: 14, y: middle, transform: `rotate(-90 14 ${middle})`, class: "ix-w-m-axis" }, `${t("Khả năng xảy ra")} →`),
      svg("text", { x: LEFT + 2.5 * CELL, y: TOP + 5 * CELL + 40, class: "ix-w-m-axis" }, `${this.across} →`),
    ];
  }

  drawSpot({ x, y, r, label, kind, rest }) {
    if (rest) return svg("text", { x, y: y + 5, class: "ix-w-m-rest" }, `+${rest}`);
    return svg(
      "g",
      { class: `ix-w-m-spot ix-w-m-${kind}` },
      svg("circle", { cx: x, cy: y, r }),
      svg("text", { x, y: y + r * 0.32, style: `font-size: ${Math.round(r * 0.92)}px` }, label),
    );
  }

  arrows(spots) {
    const starts = new Map(spots.filter((spot) => spot.kind === "before").map((spot) => [spot.label, spot]));
    return spots
      .filter((spot) => spot.kind === "after" && starts.has(spot.label))
      .map((end) => {
        const start = starts.get(end.label);
        const length = Math.hypot(end.x - start.x, end.y - start.y);
        const [dx, dy] = [(end.x - start.x) / length, (end.y - start.y) / length];
        return svg("line", {
          x1: start.x + dx * start.r,
          y1: start.y + dy * start.r,
          x2: end.x - dx * (end.r + 2),
          y2: end.y - dy * (end.r + 2),
          class: "ix-w-m-arrow",
          "marker-end": `url(#${this.arrow})`,
        });
      });
  }
}

function corner(likelihood, severity) {
  return [LEFT + (severity - 1) * CELL, TOP + (5 - likelihood) * CELL];
}

// Where each mark stands: alone in the middle of its cell, else in a grid of two or three by as many.
function spotsOf(marks) {
  const cells = new Map();
  const add = (place, spot) => {
    if (!isPlace(place)) return;
    const key = `${place.likelihood}x${place.severity}`;
    if (!cells.has(key)) cells.set(key, { place, spots: [] });
    cells.get(key).spots.push(spot);
  };
  for (const { label, before, after } of marks) {
    add(before, { label, kind: "before" });
    const moved = isPlace(after) && !(before && after.likelihood === before.likelihood && after.severity === before.severity);
    if (moved) add(after, { label, kind: "after" });
  }
  return [...cells.values()].flatMap(({ place, spots }) => {
    const shown = spots.length > MOST_IN_CELL ? [...spots.slice(0, MOST_IN_CELL - 1), { rest: spots.length - MOST_IN_CELL + 1 }] : spots;
    const across = Math.ceil(Math.sqrt(shown.length));
    const down = Math.ceil(shown.length / across);
    const [left, top] = corner(place.likelihood, place.severity);
    const r = [16, 13.5, 10][across - 1];
    return shown.map((spot, index) => ({
      ...spot,
      r,
      x: left + (CELL * ((index % across) + 0.5)) / across,
      y: top + 3 + ((CELL - 3) * (Math.floor(index / across) + 0.5)) / down,
    }));
  });
}

// The five letters S-M-A-R-T as five pieces of one bar: full and ticked when met, striped with a question mark when it
// cannot be told, empty with a cross when not met. A sign and a pattern beside the colour; the words are its label.

import { uid } from "./dom.js";
import { t } from "./i18n.js";
import { svg } from "./svg.js";

export const LETTERS = [
  { id: "specific", letter: "S", name: () => t("Cụ thể") },
  { id: "measurable", letter: "M", name: () => t("Đo được") },
  { id: "achievable", letter: "A", name: () => t("Vừa sức") },
  { id: "relevant", letter: "R", name: () => t("Thiết thực") },
  { id: "time_bound", letter: "T", name: () => t("Có hạn") },
];

/** A verdict's sign and words. */
export function verdictWords(verdict) {
  if (verdict === "met") return { sign: "✓", words: t("Đạt") };
  if (verdict === "not_met") return { sign: "✗", words: t("Chưa đạt") };
  return { sign: "?", words: t("Chưa đủ thông tin để nói") };
}

const WIDE = 64;
const HIGH = 52;
const POINT = 10;
const STEP = WIDE + 4;

/** The picture of a review. */
export function drawLetters(review) {
  const stripes = uid("stripes");
  const label = LETTERS.map(({ id, letter, name }) => `${letter} ${name()}: ${verdictWords(review[id].verdict).words}`).join("; ");
  const pieces = LETTERS.map(({ id, letter }, index) => piece(review[id].verdict, letter, index, stripes));
  const width = STEP * LETTERS.length + POINT;
  return svg(
    "svg",
    { class: "ix-w-smart-picture", viewBox: `0 0 ${width} ${HIGH}`, role: "img", "aria-label": label },
    svg(
      "defs",
      {},
      svg(
        "pattern",
        { id: stripes, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        svg("rect", { width: 8, height: 8, class: "ix-w-smart-stripe-back" }),
        svg("rect", { width: 2, height: 8, class: "ix-w-smart-stripe" }),
      ),
    ),
    pieces,
  );
}

function piece(verdict, letter, index, stripes) {
  const x = index * STEP + 1;
  const notch = index === 0 ? 0 : POINT;
  const shape = `M${x} 1 H${x + WIDE - 1} L${x + WIDE - 1 + POINT} ${HIGH / 2} L${x + WIDE - 1} ${HIGH - 1} H${x} L${x + notch} ${HIGH / 2} Z`;
  const middle = x + WIDE / 2 + POINT / 2;
  return svg(
    "g",
    { class: `ix-w-smart-piece ix-w-smart-${verdict}` },
    svg("path", { d: shape, style: verdict === "cannot_tell" ? `fill:url(#${stripes})` : null }),
    svg("text", { x: middle - 8, y: 34, "text-anchor": "middle", class: "ix-w-smart-letter" }, letter),
    svg("text", { x: middle + 13, y: 33, "text-anchor": "middle", class: "ix-w-smart-sign" }, verdictWords(verdict).sign),
  );
}

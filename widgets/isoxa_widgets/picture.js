// Whole pictures: told in words to who does not see them, and with texts that fit their boxes.

import { svg } from "./svg.js";

/** A picture of this size; `label` says what it shows. */
export function picture(width, height, className, label, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: className, role: "img", "aria-label": label }, ...children);
}

let canvas = null;

/** `text` cut at its spaces into lines no wider than `width` in that CSS font; a longer word is cut where it must be. */
export function wrapText(text, width, font) {
  if (canvas === null) canvas = document.createElement("canvas").getContext("2d");
  canvas.font = font;
  const fits = (words) => canvas.measureText(words).width <= width;
  const lines = [];
  let line = "";
  for (const whole of text.split(/\s+/).filter(Boolean)) {
    let word = whole;
    if (line && fits(`${line} ${word}`)) {
      line = `${line} ${word}`;
      continue;
    }
    if (line) lines.push(line);
    while (!fits(word)) {
      let end = word.length - 1;
      while (end > 1 && !fits(word.slice(0, end))) end -= 1;
      lines.push(word.slice(0, end));
      word = word.slice(end);
    }
    line = word;
  }
  if (line) lines.push(line);
  return lines;
}

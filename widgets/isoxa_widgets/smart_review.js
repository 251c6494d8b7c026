// What the reader of objectives says about one sentence: the five letters drawn, the sentence with the words that decided,
// each letter with its verdict and advice, and notes.
//
//   new Review()   .node   .show({state, text, good, review})   .clear()
//
// It speaks one short line when something changes, not the whole panel: it is renewed while the officer types.

import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { LETTERS, drawLetters, verdictWords } from "./smart_picture.js";

export class Review {
  constructor(longest) {
    this.longest = longest;
    this.said = h("p", { class: "ix-w-review-said", role: "status" });
    this.body = h("div", { class: "ix-w-review-body" });
    this.node = h("div", { class: "ix-w-review" }, this.said, this.body);
  }

  say(words) {
    // Writing the same words again would be read out again.
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  clear() {
    this.say("");
    fill(this.body);
  }

  show(result) {
    if (result.state === "read") {
      this.showReview(result.review, result.text);
      return;
    }
    this.clear();
    if (result.state === "too_long") {
      this.say(t("Câu này dài hơn {longest} ký tự nên máy chưa đọc. Một mục tiêu chỉ cần một câu; cách làm thì để ở bảng kế hoạch.", { longest: number(this.longest) }));
    }
  }

  showReview(review, text) {
    const met = LETTERS.filter(({ id }) => review[id].verdict === "met").length;
    this.say(t("{met} trên 5 chữ đạt.", { met }));
    fill(
      this.body,
      drawLetters(review),
      h("p", { class: "ix-w-smart-sentence" }, sentence(review, text)),
      h("ul", { class: "ix-w-smart-list" }, LETTERS.map((one) => criterion(one, review[one.id]))),
      review.notes.length > 0 ? h("div", { class: "ix-w-smart-notes" }, h("p", { class: "ix-w-smart-notes-title" }, t("Xem thêm")), h("ul", {}, review.notes.map((note) => h("li", {}, note.text)))) : null,
    );
  }
}

function criterion({ id, letter, name }, { verdict, advice }) {
  const { sign, words } = verdictWords(verdict);
  return h(
    "li",
    { class: `ix-w-smart-row ix-w-smart-row-${id} ix-w-smart-row-${verdict}` },
    h("p", { class: "ix-w-smart-name" }, h("strong", {}, letter), ` ${name()}`),
    h("p", { class: "ix-w-smart-verdict" }, h("span", { "aria-hidden": "true" }, `${sign} `), words),
    h("p", { class: "ix-w-smart-advice" }, advice),
  );
}

/** The sentence with the words that decided it marked, and behind each the letters it decided. */
function sentence(review, text) {
  const decided = Array.from(text, () => []);
  const letters = Array.from(text);
  for (const { id, letter } of LETTERS) {
    for (const words of review[id].words) mark(decided, letters, words, { letter, verdict: review[id].verdict });
  }
  const parts = [];
  for (let from = 0; from < letters.length; ) {
    let to = from + 1;
    while (to < letters.length && same(decided[to], decided[from])) to += 1;
    parts.push(part(letters.slice(from, to).join(""), decided[from]));
    from = to;
  }
  return parts;
}

function part(text, decided) {
  if (decided.length === 0) return document.createTextNode(text);
  const verdict = ["not_met", "met", "cannot_tell"].find((one) => decided.some((each) => each.verdict === one));
  const signs = decided.map((each) => `${each.letter}${verdictWords(each.verdict).sign}`).join(" ");
  return h("mark", { class: `ix-w-smart-mark ix-w-smart-mark-${verdict}` }, text, h("span", { class: "ix-w-smart-tag" }, signs));
}

// The first place where the words stand as whole words.
function mark(decided, letters, words, which) {
  const wanted = Array.from(words);
  const inside = (char) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  for (let at = 0; at + wanted.length <= letters.length; at += 1) {
    if (!wanted.every((char, step) => letters[at + step] === char)) continue;
    if (inside(letters[at - 1]) && inside(wanted[0])) continue;
    if (inside(letters[at + wanted.length]) && inside(wanted[wanted.length - 1])) continue;
    for (let step = 0; step < wanted.length; step += 1) decided[at + step].push(which);
    return;
  }
}

function same(one, other) {
  return one.length === other.length && one.every(({ letter }, index) => letter === other[index].letter);
}

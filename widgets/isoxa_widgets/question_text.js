// Answers one types: a number with its unit, a few words, or a longer text judged by a trainer.

import { h, uid } from "./dom.js";
import { number, t } from "./i18n.js";

function typed(input, onChange) {
  const get = () => (input.value.trim() === "" ? null : input.value);
  // A browser fires "change" on leaving a field whose value another window replaced meanwhile; only typing counts.
  let typing = false;
  input.addEventListener("input", () => {
    typing = true;
    onChange(get(), { typing });
  });
  input.addEventListener("change", () => {
    if (typing) onChange(get());
    typing = false;
  });
  return {
    get,
    set: (answer) => {
      input.value = typeof answer === "string" ? answer : "";
      typing = false;
      input.dispatchEvent(new Event("ix-set"));
    },
    disable: (flag) => {
      // Read-only, not disabled: what was written can still be read, selected and reached by keyboard.
      input.readOnly = flag;
    },
    parts: () => new Map(),
  };
}

export function renderNumeric({ question, problemId }, onChange) {
  const id = uid("number");
  const unit = question.unit ? h("span", { id: uid("unit"), class: "ix-w-unit" }, question.unit) : null;
  const hint = h("p", { id: uid("hint"), class: "ix-w-hint" }, t("Viết số như trong văn bản, ví dụ 98,5 hoặc 1.250."));
  const input = h("input", {
    id,
    class: "ix-w-input ix-w-input-number",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: "40",
    "aria-describedby": [unit ? unit.id : "", hint.id, problemId].filter(Boolean).join(" "),
  });
  const row = h("div", { class: "ix-w-number" }, input, unit);
  return { node: h("div", { class: "ix-w-field" }, h("label", { for: id }, t("Kết quả của anh/chị")), row, hint), ...typed(input, onChange) };
}

export function renderShortText({ problemId }, onChange) {
  const id = uid("text");
  const input = h("input", { id, class: "ix-w-input", type: "text", autocomplete: "off", maxlength: "500", "aria-describedby": problemId });
  return { node: h("div", { class: "ix-w-field" }, h("label", { for: id }, t("Câu trả lời của anh/chị")), input), ...typed(input, onChange) };
}

/** Words as a reader counts them: runs of characters between spaces. */
export function countWords(text) {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

export function renderWritten({ question, problemId }, onChange) {
  const id = uid("written");
  const count = h("p", { id: uid("count"), class: "ix-w-hint ix-w-count" });
  const input = h("textarea", { id, class: "ix-w-input ix-w-written", rows: "8", maxlength: "20000", "aria-describedby": `${count.id} ${problemId}` });
  const tell = () => {
    const words = number(countWords(input.value));
    const least = question.min_words || 0;
    count.textContent = least > 0 ? t("{words} từ (nên viết ít nhất {least} từ)", { words, least: number(least) }) : t("{words} từ", { words });
  };
  input.addEventListener("input", tell);
  input.addEventListener("ix-set", tell);
  tell();
  const rubric = Array.isArray(question.rubric) ? question.rubric : [];
  const node = h(
    "div",
    { class: "ix-w-field" },
    rubric.length > 0
      ? h(
          "div",
          { class: "ix-w-rubric" },
          h("p", { class: "ix-w-rubric-title" }, t("Giảng viên chấm theo các ý sau:")),
          h(
            "ul",
            {},
            rubric.map((line) => h("li", {}, line.text, line.points ? ` (${t("{points} điểm", { points: number(line.points) })})` : "")),
          ),
        )
      : null,
    h("label", { for: id }, t("Bài viết của anh/chị")),
    input,
    count,
  );
  return { node, ...typed(input, onChange) };
}

// One question of any type, for checkpoints and for the quiz page: drawn from its public form, answered in its public form.
//
//   const q = renderQuestion({el, question, answer, onChange, name: "Câu 1", disabled, feedback})
//   q.getAnswer() · q.setAnswer(answer) · q.setDisabled(flag) · q.showFeedback(explanation | null) · q.showProblem(text | null)
//
// onChange(answer, {typing}) gives the whole answer, null when nothing is chosen; `typing` is true between key strokes.
// The renderers (question_*.js) return {node, get, set, disable, parts, word?}: parts() maps a part's id to the element
// that its note of the explanation belongs to; word(part, right) says what was right or wrong about it.

import { focusOn, h, paragraphs, uid } from "./dom.js";
import { t } from "./i18n.js";
import { renderMultiple, renderSingle } from "./question_choice.js";
import { renderMatrix } from "./question_matrix.js";
import { renderClassification, renderMatching } from "./question_pairs.js";
import { renderOrdering } from "./question_ordering.js";
import { renderTable } from "./question_table.js";
import { renderNumeric, renderShortText, renderWritten } from "./question_text.js";

const RENDERERS = {
  single_choice: renderSingle,
  multiple_choice: renderMultiple,
  ordering: renderOrdering,
  matching: renderMatching,
  classification: renderClassification,
  matrix_score: renderMatrix,
  table_fill: renderTable,
  numeric: renderNumeric,
  short_text: renderShortText,
  written: renderWritten,
};

export function renderQuestion({ el, question, answer, onChange, name, disabled, feedback, points }) {
  const draw = RENDERERS[question.type];
  const title = h("h3", { class: "ix-w-question-name", id: uid("name") }, name);
  const prompt = h("div", { class: "ix-w-prompt", id: uid("prompt") }, paragraphs(question.prompt));
  const problem = h("p", { class: "ix-w-problem", id: uid("problem"), role: "alert" });
  const panel = h("div", { class: "ix-w-feedback", "aria-live": "polite" });
  const group = h(
    "section",
    { class: "ix-w-question", role: "group", "aria-labelledby": title.id, "aria-describedby": prompt.id },
    h("div", { class: "ix-w-question-head" }, title, points ? h("span", { class: "ix-w-points" }, points) : null),
    prompt,
  );
  if (!draw) {
    group.append(h("p", { class: "ix-w-problem" }, t("Trang này chưa hiển thị được loại câu hỏi này. Anh/chị tải lại trang giúp.")));
    el.append(group);
    return nothing(group);
  }
  const context = { question, promptId: prompt.id, problemId: problem.id };
  const body = draw(context, (value, { typing = false } = {}) => onChange(value, { typing }));
  group.append(body.node, problem, panel);
  el.append(group);

  const api = {
    node: group,
    getAnswer: body.get,
    setAnswer: body.set,
    setDisabled: (flag) => {
      group.classList.toggle("ix-w-is-disabled", Boolean(flag));
      body.disable(Boolean(flag));
    },
    showFeedback: (explanation, { focus = false } = {}) => {
      showNotes(body, explanation);
      panel.replaceChildren(...(explanation ? [verdict(explanation, question.type)] : []));
      if (explanation && focus) focusOn(panel.firstChild);
    },
    showProblem: (text) => {
      problem.textContent = text || "";
      group.classList.toggle("ix-w-has-problem", Boolean(text));
    },
    focus: () => focusOn(group),
  };
  if (answer !== null && answer !== undefined) api.setAnswer(answer);
  if (disabled) api.setDisabled(true);
  if (feedback) api.showFeedback(feedback);
  return api;
}

function nothing(node) {
  const idle = () => undefined;
  return { node, getAnswer: () => null, setAnswer: idle, setDisabled: idle, showFeedback: idle, showProblem: idle, focus: () => focusOn(node) };
}

// Where every part has its own note, the whole answer once more would only be long.
const TOLD_BY_NOTES = new Set(["classification", "matching", "matrix_score", "table_fill"]);

function verdict({ right, correct_text: correct, why }, type) {
  const look = right === true ? "good" : right === false ? "bad" : "wait";
  const words = { good: t("Đúng rồi"), bad: t("Chưa đúng"), wait: t("Đã ghi nhận") }[look];
  const sign = { good: "✓", bad: "✗", wait: "•" }[look];
  return h(
    "div",
    { class: `ix-w-verdict ix-w-verdict-${look}` },
    h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, `${sign} `), words),
    right !== true && correct && !TOLD_BY_NOTES.has(type) ? h("p", {}, h("strong", {}, t("Đáp án: ")), correct) : null,
    paragraphs(why),
  );
}

// A reason stands at the choice or item it is about, with a sign and a word, so colour never speaks alone.
function showNotes(body, explanation) {
  const parts = body.parts();
  for (const node of parts.values()) {
    for (const old of node.querySelectorAll(":scope > .ix-w-note")) old.remove();
    node.classList.remove("ix-w-part-good", "ix-w-part-bad");
  }
  const notes = explanation && Array.isArray(explanation.notes) ? explanation.notes : [];
  for (const { part, right, text } of notes) {
    const node = parts.get(part);
    if (!node) continue;
    node.classList.toggle("ix-w-part-good", right === true);
    node.classList.toggle("ix-w-part-bad", right === false);
    const word = body.word ? body.word(part, right) : right ? t("Đúng.") : t("Chưa đúng.");
    node.append(
      h("p", { class: "ix-w-note" }, h("span", { "aria-hidden": "true", class: "ix-w-note-sign" }, right ? "✓" : "✗"), ` ${word} ${text || ""}`.trimEnd()),
    );
  }
}

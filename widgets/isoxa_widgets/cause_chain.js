// The guided whys: one question after the other, each opening when the one before is answered rightly. A choice is judged at
// once; the reason stands under it.

import { fill, h, paragraphs, uid } from "./dom.js";
import { number, t } from "./i18n.js";

export class GuidedChain {
  constructor({ chain, onPick }) {
    this.onPick = onPick;
    this.steps = chain.steps.map((step, index) => this.step(step, index));
    this.ended = h("p", { class: "ix-w-chain-end", role: "status" });
    this.open = 1;
    this.node = h(
      "div",
      { class: "ix-w-chain" },
      h("div", { class: "ix-w-chain-problem" }, h("p", { class: "ix-w-hint" }, t("Chuyện đã xảy ra")), paragraphs(chain.problem)),
      h("ol", { class: "ix-w-chain-steps" }, this.steps.map((step) => step.row)),
      this.ended,
    );
    this.arrange();
  }

  step({ id, question, options }, index) {
    const name = uid("why");
    const note = h("p", { class: "ix-w-note", id: uid("note"), role: "status", hidden: true });
    const inputs = options.map((option) =>
      h("input", {
        type: "radio",
        name,
        value: option.id,
        "aria-describedby": note.id,
        onchange: () => {
          this.forget(step);
          this.onPick();
        },
      }),
    );
    const choices = options.map((option, place) => h("label", { class: "ix-w-choice" }, inputs[place], h("span", {}, option.text)));
    const legend = h("legend", {}, h("span", { class: "ix-w-chain-number" }, t("Vì sao {number}", { number: number(index + 1) })), ` ${question}`);
    const row = h("li", { class: "ix-w-part" }, h("fieldset", { class: "ix-w-chain-step" }, legend, choices), note);
    const step = { id, inputs, note, row, chosen: () => (inputs.find((input) => input.checked) || { value: "" }).value };
    return step;
  }

  forget(step) {
    step.row.classList.remove("ix-w-part-good", "ix-w-part-bad");
    step.note.hidden = true;
    fill(step.note);
    fill(this.ended);
  }

  arrange() {
    this.steps.forEach((step, index) => {
      step.row.hidden = index >= this.open;
    });
  }

  // ---- outside ----

  values() {
    const chosen = this.steps.map((step) => [step.id, step.chosen()]);
    return Object.fromEntries(chosen.filter(([, option]) => option !== ""));
  }

  setValues(values) {
    const saved = values !== null && typeof values === "object" ? values : {};
    for (const step of this.steps) {
      for (const input of step.inputs) input.checked = input.value === saved[step.id];
      this.forget(step);
    }
    const first = this.steps.findIndex((step) => step.chosen() === "");
    this.open = Math.max(1, first < 0 ? this.steps.length : first);
    this.arrange();
  }

  setDisabled(flag) {
    for (const input of this.steps.flatMap((step) => step.inputs)) input.disabled = flag;
  }

  /** `answers`: [{step, option, right, why}] of the steps answered. An answer that was changed meanwhile is left alone. */
  tell(answers) {
    let rightInRow = 0;
    for (const [index, step] of this.steps.entries()) {
      const told = answers.find((one) => one.step === step.id);
      if (!told || told.option !== step.chosen()) continue;
      this.forget(step);
      step.row.classList.add(told.right ? "ix-w-part-good" : "ix-w-part-bad");
      fill(step.note, h("span", { class: "ix-w-note-sign", "aria-hidden": "true" }, told.right ? "✓ " : "✗ "), document.createTextNode(told.right ? told.why : t("{why} Anh/chị thử ý khác.", { why: told.why })));
      step.note.hidden = false;
      if (told.right && rightInRow === index) rightInRow += 1;
    }
    this.openTo(rightInRow + 1);
    fill(this.ended, rightInRow === this.steps.length ? document.createTextNode(t("✓ Đã đi hết chuỗi: câu trả lời cuối là chỗ đơn vị tự sửa được.")) : null);
  }

  /** Nobody can say whether it is right for now: the way on stays open all the same. */
  openNext() {
    const first = this.steps.findIndex((step) => step.chosen() === "");
    this.openTo(first < 0 ? this.steps.length : first + 1);
  }

  openTo(count) {
    this.open = Math.min(this.steps.length, Math.max(this.open, count));
    this.arrange();
  }
}

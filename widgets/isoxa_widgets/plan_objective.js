// The objective of a plan: typed here, or taken from the objectives that the officer wrote in an earlier lesson.
//
//   new ObjectiveField({ number, take() -> Promise<[text]>, onChange({typing}) })   number "6a": of the lesson; take null: none
//   .node  .text()  .setText(text)  .offer() prefills an empty field  .setDisabled(flag)  .mark(words)

import { fill, focusOn, h, uid } from "./dom.js";
import { t } from "./i18n.js";

export class ObjectiveField {
  constructor({ number, take, onChange }) {
    this.take = take;
    this.onChange = onChange;
    this.lesson = number ? t("bài {number}", { number }) : t("bài trước");
    const own = uid("objective");
    this.problem = h("p", { class: "ix-w-problem", id: `${own}-problem` });
    this.input = h("textarea", { id: own, class: "ix-w-input", rows: "3", maxlength: "2000", "aria-describedby": this.problem.id });
    this.typing = false;
    this.input.addEventListener("input", () => {
      this.typing = true;
      this.mark("");
      this.onChange({ typing: true });
    });
    this.input.addEventListener("change", () => {
      if (this.typing) this.onChange({ typing: false });
      this.typing = false;
    });
    this.button = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Lấy mục tiêu từ {lesson}", { lesson: this.lesson }));
    this.button.addEventListener("click", () => this.fetch());
    this.told = h("div", { class: "ix-w-objective-told", role: "status" });
    this.choices = h("div", {});
    this.node = h(
      "div",
      { class: "ix-w-objective" },
      h("div", { class: "ix-w-field" }, h("label", { for: own }, t("Mục tiêu của kế hoạch")), this.input, this.problem),
      take ? h("div", { class: "ix-w-actions" }, this.button) : null,
      this.told,
      this.choices,
    );
  }

  text() {
    return this.input.value;
  }

  setText(text) {
    if (this.input.value !== text) this.input.value = text;
    this.typing = false;
    fill(this.told);
    fill(this.choices);
    this.mark("");
  }

  setDisabled(flag) {
    this.input.readOnly = flag;
    this.button.disabled = flag;
  }

  mark(words) {
    fill(this.problem, words ? document.createTextNode(words) : null);
    if (words) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  /** On the first visit: the first objective of the earlier lesson stands here already, to be kept or changed. */
  async offer() {
    if (!this.take) return;
    const found = await this.take();
    if (found.length === 0 || this.input.value.trim()) return;
    this.input.value = found[0];
    this.say(t("Câu này lấy từ {lesson}; anh/chị sửa được tại đây.", { lesson: this.lesson }));
  }

  async fetch() {
    fill(this.choices);
    this.say(t("Đang lấy…"));
    const found = await this.take();
    if (found.length === 0) {
      this.say(t("Chưa thấy mục tiêu nào ở {lesson}. Anh/chị viết thẳng vào ô trên, hoặc viết ở {lesson} rồi quay lại bấm nút này.", { lesson: this.lesson }));
    } else if (found.length === 1) {
      this.put(found[0]);
    } else {
      this.say(t("Có {count} mục tiêu ở {lesson}. Anh/chị chọn một câu:", { count: found.length, lesson: this.lesson }));
      const buttons = found.map((text) => {
        const button = h("button", { type: "button", class: "ix-w-objective-choice" }, text);
        button.addEventListener("click", () => this.put(text));
        return h("li", {}, button);
      });
      fill(this.choices, h("ul", { class: "ix-w-objective-choices" }, buttons));
      buttons[0].firstChild.focus();
    }
  }

  put(text) {
    const before = this.input.value;
    this.setText(text);
    this.onChange({ typing: false });
    const words = t("Đã lấy mục tiêu từ {lesson}; anh/chị sửa được tại đây.", { lesson: this.lesson });
    if (before.trim() && before !== text) {
      // One step back instead of a question before: nothing typed is lost.
      const undo = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Lấy lại câu cũ"));
      undo.addEventListener("click", () => {
        this.setText(before);
        this.onChange({ typing: false });
        focusOn(this.input);
      });
      fill(this.told, h("p", { class: "ix-w-hint" }, `${words} `, undo));
    } else {
      this.say(words);
    }
    focusOn(this.input);
  }

  say(words) {
    fill(this.told, h("p", { class: "ix-w-hint" }, words));
  }
}

/** The sentences of a SMART builder's saved state. */
export function objectivesIn(state) {
  const listed = state !== null && typeof state === "object" && Array.isArray(state.objectives) ? state.objectives : [];
  const texts = listed.map((one) => (one !== null && typeof one === "object" && typeof one.text === "string" ? one.text.trim() : ""));
  return [...new Set(texts.filter(Boolean))];
}

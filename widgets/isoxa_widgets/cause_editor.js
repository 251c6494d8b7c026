// The officer's causes as a nested list: every answer can be asked "Vì sao?" again, and one of them is the root cause. The
// list is the tree for the keyboard and for who hears the page; cause_picture.js draws the same.

import { fill, h, uid } from "./dom.js";
import { branchOf, childrenOf, freshCauseId, numbersOf, readCauses } from "./cause_forest.js";
import { number, t } from "./i18n.js";

const MOST = 30;
const DEEPEST = 8;
const LONGEST = "500";
const QUOTED = 90;

export class CauseEditor {
  /** `onChange({typing})`; `.causes` and `.root` are always the newest. */
  constructor({ onChange }) {
    this.onChange = onChange;
    this.causes = [];
    this.root = "";
    this.locked = false;
    this.inputs = new Map();
    this.labels = new Map();
    this.group = uid("root");
    this.list = h("div", { class: "ix-w-causes" });
    this.said = h("p", { class: "ix-w-hint", role: "status" });
    this.problem = h("p", { class: "ix-w-problem", id: uid("causes"), role: "status" });
    this.adder = h("button", { type: "button", class: "ix-w-button", onclick: () => this.add("") }, t("Thêm một nguyên nhân"));
    this.node = h("div", { class: "ix-w-cause-editor" }, this.list, this.problem, h("div", { class: "ix-w-actions" }, this.adder), this.said);
    this.render();
  }

  // ---- building ----

  render() {
    this.inputs.clear();
    this.labels.clear();
    this.numbers = numbersOf(this.causes);
    fill(this.list, this.branch(""));
    this.adder.hidden = this.causes.length >= MOST;
    this.relabel();
  }

  branch(parent) {
    const causes = childrenOf(this.causes, parent);
    if (causes.length === 0) return null;
    return h("ul", { class: "ix-w-cause-list" }, causes.map((cause) => h("li", { class: "ix-w-cause" }, this.entry(cause), this.branch(cause.id))));
  }

  entry(cause) {
    const own = uid("cause");
    const name = this.numbers.get(cause.id);
    const label = h("label", { for: own });
    const input = h("textarea", { id: own, class: "ix-w-input", rows: "2", maxlength: LONGEST, value: cause.text });
    input.disabled = this.locked;
    input.addEventListener("input", () => {
      cause.text = input.value;
      this.relabel();
      this.changed({ typing: true });
    });
    input.addEventListener("change", () => this.changed({ typing: false }));
    const radio = h("input", { type: "radio", name: this.group, value: cause.id, "aria-label": t("Chọn {number} làm nguyên nhân gốc", { number: name }) });
    radio.checked = this.root === cause.id;
    radio.disabled = this.locked;
    radio.addEventListener("change", () => {
      this.root = cause.id;
      this.changed({ typing: false });
    });
    const deep = name.split(".").length >= DEEPEST || this.causes.length >= MOST;
    const ask = h("button", { type: "button", class: "ix-w-button ix-w-button-small", "aria-label": t("Hỏi tiếp vì sao {number}", { number: name }), onclick: () => this.add(cause.id) }, t("Hỏi tiếp: vì sao?"));
    const remove = h("button", { type: "button", class: "ix-w-button ix-w-button-small", "aria-label": t("Xóa nguyên nhân {number}", { number: name }), onclick: () => this.remove(cause.id) }, t("Xóa"));
    this.inputs.set(cause.id, input);
    this.labels.set(cause.id, label);
    return h(
      "div",
      { class: "ix-w-cause-entry" },
      label,
      input,
      h("div", { class: "ix-w-cause-acts" }, deep ? null : ask, h("label", { class: "ix-w-cause-root" }, radio, h("span", {}, t("Nguyên nhân gốc"))), remove),
    );
  }

  /** Each answer stands under the question it answers; a question quotes the answer above it. */
  relabel() {
    const texts = new Map(this.causes.map((cause) => [cause.id, cause.text.trim()]));
    for (const cause of this.causes) {
      const above = cause.parent === "" ? "" : texts.get(cause.parent);
      const name = this.numbers.get(cause.id);
      const quoted = above.length > QUOTED ? `${above.slice(0, QUOTED)}…` : above;
      const words = cause.parent === "" ? t("{number}. Vì sao chuyện ấy xảy ra?", { number: name }) : t("{number}. Vì sao “{cause}”?", { number: name, cause: quoted || "…" });
      this.labels.get(cause.id).textContent = words;
    }
  }

  // ---- acting ----

  changed(event) {
    fill(this.problem);
    this.onChange(event);
  }

  add(parent) {
    if (this.locked || this.causes.length >= MOST) return;
    const cause = { id: freshCauseId(this.causes), parent, text: "" };
    this.causes.push(cause);
    this.render();
    fill(this.said);
    this.changed({ typing: false });
    this.inputs.get(cause.id).focus();
  }

  remove(id) {
    if (this.locked) return;
    const [before, root] = [this.causes, this.root];
    const name = this.numbers.get(id);
    const gone = new Set(branchOf(this.causes, id));
    this.causes = this.causes.filter((cause) => !gone.has(cause.id));
    if (gone.has(this.root)) this.root = "";
    this.render();
    // One step back instead of a question before: nothing typed is lost by a slip of the finger.
    const undo = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Lấy lại"));
    undo.addEventListener("click", () => {
      this.causes = before;
      this.root = root;
      this.render();
      fill(this.said);
      this.changed({ typing: false });
      this.inputs.get(id).focus();
    });
    const words = gone.size > 1 ? t("Đã xóa nguyên nhân {number} và {count} nguyên nhân ở dưới.", { number: name, count: number(gone.size - 1) }) : t("Đã xóa nguyên nhân {number}.", { number: name });
    fill(this.said, document.createTextNode(`${words} `), undo);
    this.changed({ typing: false });
    undo.focus();
  }

  // ---- outside ----

  values() {
    return this.causes.map((cause) => ({ ...cause }));
  }

  setValues(causes, root) {
    const tidy = readCauses(causes);
    const same = tidy.length === this.causes.length && tidy.every((one, index) => one.id === this.causes[index].id && one.parent === this.causes[index].parent);
    this.root = tidy.some((one) => one.id === root) ? root : "";
    if (same) {
      // The same tree is filled in place: the cursor of someone writing stays where it is.
      tidy.forEach((one, index) => {
        this.causes[index].text = one.text;
        const input = this.inputs.get(one.id);
        if (input.value !== one.text) input.value = one.text;
      });
      for (const radio of this.list.querySelectorAll("input[type=radio]")) radio.checked = radio.value === this.root;
      this.relabel();
    } else {
      this.causes = tidy;
      this.render();
    }
    fill(this.said);
    fill(this.problem);
  }

  setDisabled(flag) {
    this.locked = flag;
    this.adder.disabled = flag;
    for (const control of this.list.querySelectorAll("textarea, input, button")) control.disabled = flag;
  }

  mark(words) {
    fill(this.problem, words ? document.createTextNode(words) : null);
  }
}

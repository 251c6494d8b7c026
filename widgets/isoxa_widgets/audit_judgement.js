// What an auditor says of one piece of evidence: the verdict, the requirement it rests on, and for a nonconformity the
// finding in its three parts. One form; the folder puts each piece's words into it. What is asked depends on the verdict,
// and what is not asked for the moment is kept.

import { fill, h, uid } from "./dom.js";
import { t } from "./i18n.js";

const LONGEST = "2000";
const OPTION = 90;

export class Judgement {
  constructor({ verdicts, criteria, parts, onChange }) {
    this.criteria = new Map(criteria.map((one) => [one.id, one]));
    this.onChange = onChange;
    this.radios = new Map();
    this.parts = new Map();
    this.problem = h("p", { class: "ix-w-problem", role: "alert" });
    this.legend = h("legend", {}, t("Anh/chị kết luận thế nào?"));
    const name = uid("verdict");
    const choices = verdicts.map(({ id, text }) => {
      const radio = h("input", { type: "radio", name, value: id });
      radio.addEventListener("change", () => this.edited(false));
      this.radios.set(id, radio);
      return h("label", { class: "ix-w-choice ix-w-choice-box" }, radio, h("span", {}, text));
    });
    this.node = h(
      "div",
      { class: "ix-w-judgement" },
      criteriaList(criteria),
      h("fieldset", { class: "ix-w-verdicts" }, this.legend, h("div", { class: "ix-w-sort-boxes" }, choices), this.problem),
      this.buildCitation(criteria),
      this.buildFinding(parts),
    );
    this.arrange();
  }

  buildCitation(criteria) {
    const own = uid("criterion");
    this.says = h("p", { class: "ix-w-hint ix-w-criterion-says", id: `${own}-says` });
    const options = criteria.map(({ id, clause, text }) => h("option", { value: id }, shortened(`${clause}: ${text}`)));
    this.select = h("select", { id: own, class: "ix-w-input", "aria-describedby": this.says.id }, h("option", { value: "" }, t("Chọn…")), options);
    this.select.addEventListener("change", () => this.edited(false));
    this.citation = h("div", { class: "ix-w-field ix-w-field-select" }, h("label", { for: own }, t("Đối chiếu với yêu cầu nào?")), this.select, this.says);
    return this.citation;
  }

  buildFinding(parts) {
    const hints = {
      requirement: t("Điều lẽ ra phải có, ghi rõ nằm ở đâu."),
      evidence: t("Đã xem gì, bao nhiêu mục, số hiệu nào. Không ghi tên người dân."),
      gap: t("Chỗ thực tế khác yêu cầu. Không nhận xét con người."),
    };
    const fields = parts.map(({ id, text }) => {
      const own = uid("finding");
      const hint = h("p", { class: "ix-w-hint", id: `${own}-hint` }, hints[id] || "");
      const input = h("textarea", { id: own, class: "ix-w-input", rows: "2", maxlength: LONGEST, "aria-describedby": hint.id });
      let typing = false;
      input.addEventListener("input", () => {
        typing = true;
        this.edited(true);
      });
      input.addEventListener("change", () => {
        if (typing) this.edited(false);
        typing = false;
      });
      this.parts.set(id, input);
      return h("div", { class: "ix-w-field" }, h("label", { for: own }, text), hint, input);
    });
    this.quote = h("button", { type: "button", class: "ix-w-button ix-w-button-small" }, t("Dùng lời của yêu cầu đã chọn"));
    this.quote.addEventListener("click", () => this.quoteRequirement());
    fields[0].append(h("div", { class: "ix-w-quote" }, this.quote));
    this.finding = h("fieldset", { class: "ix-w-finding" }, h("legend", {}, t("Ghi phát hiện, đủ ba phần")), fields);
    return this.finding;
  }

  edited(typing) {
    this.arrange();
    fill(this.problem);
    this.onChange({ typing });
  }

  // Only what the verdict asks for is on the screen.
  arrange() {
    const verdict = this.verdict();
    this.citation.hidden = verdict !== "conformity" && verdict !== "nonconformity";
    this.finding.hidden = verdict !== "nonconformity";
    const criterion = this.criteria.get(this.select.value);
    const says = criterion ? `${criterion.clause}: ${criterion.text}` : "";
    if (this.says.textContent !== says) this.says.textContent = says;
    this.quote.hidden = !criterion;
  }

  quoteRequirement() {
    const criterion = this.criteria.get(this.select.value);
    const input = this.parts.get("requirement");
    if (!criterion || input.readOnly) return;
    input.value = `${criterion.clause}: ${criterion.text}`;
    input.focus();
    this.edited(false);
  }

  verdict() {
    for (const [id, radio] of this.radios) if (radio.checked) return id;
    return "";
  }

  value() {
    const finding = Object.fromEntries([...this.parts].map(([id, input]) => [id, input.value]));
    return { verdict: this.verdict(), criterion: this.select.value, finding };
  }

  setValue({ verdict, criterion, finding }) {
    for (const [id, radio] of this.radios) radio.checked = id === verdict;
    this.select.value = this.criteria.has(criterion) ? criterion : "";
    for (const [id, input] of this.parts) if (input.value !== finding[id]) input.value = finding[id];
    fill(this.problem);
    this.arrange();
  }

  setDisabled(flag) {
    for (const radio of this.radios.values()) radio.disabled = flag;
    this.select.disabled = flag;
    this.quote.disabled = flag;
    for (const input of this.parts.values()) input.readOnly = flag;
  }

  /** Ask for the verdict that is missing. */
  askForVerdict() {
    this.problem.textContent = t("Anh/chị chọn một kết luận rồi bấm kiểm tra.");
    this.radios.values().next().value.focus();
  }
}

function shortened(text) {
  return text.length > OPTION ? `${text.slice(0, OPTION - 1)}…` : text;
}

function criteriaList(criteria) {
  return h(
    "details",
    { class: "ix-w-criteria" },
    h("summary", {}, t("Xem các yêu cầu để đối chiếu")),
    h("dl", {}, criteria.map(({ clause, text }) => [h("dt", {}, clause), h("dd", {}, text)])),
  );
}

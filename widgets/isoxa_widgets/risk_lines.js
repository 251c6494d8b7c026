// The officer's own register: a card for each risk or opportunity, started blank or from a typical one. Each card reads its
// three parts together in a sentence and says its score before and after; under the cards the matrices and the table show all.

import { fill, h, uid } from "./dom.js";
import { number, t } from "./i18n.js";
import { Records } from "./records.js";
import { LEVELS, RiskMatrix, bandLegend, isPlace, scaleTable, scoreWords } from "./risk_matrix.js";

const LEVEL_FIELDS = ["likelihood", "severity", "likelihood_after", "severity_after"];
const MOST = 30;

export class OwnRegister {
  constructor({ typical, scale, bands, onChange }) {
    this.scale = scale;
    this.bands = bands;
    this.onChange = onChange;
    this.typical = typical;
    this.records = new Records({
      title: t("Dòng"),
      add: t("Thêm một dòng trống"),
      most: MOST,
      fields: this.fields(),
      onBuilt: (record) => this.built(record),
      nameOf: (record, all) => nameOf(record, all),
      onChange: (event) => {
        this.redraw();
        onChange(event);
      },
    });
    this.matrices = {
      risk: new RiskMatrix({ bands, across: t("Mức ảnh hưởng") }),
      opportunity: new RiskMatrix({ bands, across: t("Mức lợi ích"), tone: "opportunity" }),
    };
    this.overview = h("div", { class: "ix-w-register-overview" });
    this.node = h("div", { class: "ix-w-register" }, this.scaleInFull(), this.starter(), this.records.node, this.overview);
    this.redraw();
  }

  fields() {
    const levels = (words) => LEVELS.map((level) => ({ id: String(level), text: `${level} – ${words[level - 1]}` }));
    const kinds = [
      { id: "risk", text: t("Rủi ro") },
      { id: "opportunity", text: t("Cơ hội") },
    ];
    return [
      { id: "kind", label: t("Loại"), kind: "select", options: kinds, value: "risk" },
      { id: "cause", label: t("Nguyên nhân"), kind: "long" },
      { id: "event", label: t("Sự kiện có thể xảy ra"), kind: "long" },
      { id: "effect", label: t("Hậu quả"), kind: "long" },
      { id: "likelihood", label: t("Khả năng xảy ra"), kind: "select", options: levels(this.scale.likelihood) },
      { id: "severity", label: t("Mức ảnh hưởng"), kind: "select", options: levels(this.scale.severity) },
      { id: "treatment", label: t("Hành động xử lý"), kind: "long" },
      { id: "owner", label: t("Người phụ trách"), hint: t("Ghi chức danh, ví dụ: công chức tư pháp – hộ tịch.") },
      { id: "due", label: t("Thời hạn"), hint: t("Ngày làm xong hoặc ngày xem lại."), kind: "date" },
      { id: "likelihood_after", label: t("Khả năng sau xử lý"), kind: "select", options: levels(this.scale.likelihood) },
      { id: "severity_after", label: t("Ảnh hưởng sau xử lý"), kind: "select", options: levels(this.scale.severity) },
    ];
  }

  scaleInFull() {
    return scaleTable([
      { name: t("Khả năng xảy ra"), words: this.scale.likelihood },
      { name: t("Mức ảnh hưởng"), words: this.scale.severity },
      { name: t("Mức lợi ích"), words: this.scale.benefit },
    ]);
  }

  starter() {
    this.pick = null;
    this.take = null;
    if (this.typical.length === 0) return null;
    const id = uid("typical");
    const groups = ["risk", "opportunity"].map((kind) => {
      const options = this.typical.filter((one) => one.kind === kind).map((one) => h("option", { value: one.id }, one.event));
      return options.length > 0 ? h("optgroup", { label: kind === "risk" ? t("Rủi ro") : t("Cơ hội") }, options) : null;
    });
    this.pick = h("select", { id, class: "ix-w-input" }, h("option", { value: "" }, t("– Chọn –")), groups);
    this.take = h("button", { type: "button", class: "ix-w-button" }, t("Thêm vào sổ"));
    this.take.addEventListener("click", () => {
      const one = this.typical.find((known) => known.id === this.pick.value);
      if (!one) {
        this.pick.focus();
        return;
      }
      const { kind, cause, event, effect } = one;
      const record = this.records.addOne({ kind, cause, event, effect });
      if (record) this.redraw();
      this.pick.value = "";
    });
    return h("div", { class: "ix-w-starter" }, h("div", { class: "ix-w-field" }, h("label", { for: id }, t("Lấy một dòng thường gặp, rồi sửa cho đúng đơn vị mình")), this.pick), this.take);
  }

  built(record) {
    const place = (field) => record.inputs.get(field).closest(".ix-w-field");
    record.sentence = h("p", { class: "ix-w-sentence" });
    record.score = h("p", { class: "ix-w-line-score" });
    record.after = h("p", { class: "ix-w-line-score" });
    place("effect").after(record.sentence);
    place("severity").after(record.score);
    place("severity_after").after(record.after);
    record.labels = new Map([...record.inputs].map(([id, input]) => [id, input.closest(".ix-w-field").querySelector("label")]));
    record.inputs.get("kind").addEventListener("change", () => this.records.renumber());
    this.refresh(record);
  }

  refresh(record) {
    const own = lineOf(record);
    const opportunity = own.kind === "opportunity";
    const names = opportunity ? OPPORTUNITY_NAMES() : RISK_NAMES();
    for (const [id, name] of Object.entries(names)) record.labels.get(id).textContent = name;
    const words = opportunity ? this.scale.benefit : this.scale.severity;
    for (const id of ["severity", "severity_after"]) {
      [...record.inputs.get(id).options].slice(1).forEach((option, index) => {
        option.textContent = `${index + 1} – ${words[index]}`;
      });
    }
    record.sentence.textContent = sentence(own);
    record.score.textContent = scoreLine(t("Điểm trước: {score}", { score: scoreWords(this.bands, own.before) }), own.before);
    record.after.textContent = scoreLine(t("Điểm sau: {score}", { score: scoreWords(this.bands, own.after) }), own.after);
  }

  redraw() {
    this.records.records.forEach((record) => this.refresh(record));
    const lines = this.records.records.map((record) => ({ ...lineOf(record), label: markOf(record, this.records.records) }));
    const pictures = ["risk", "opportunity"].map((kind) => {
      const own = lines.filter((line) => line.kind === kind);
      if (kind === "opportunity" && own.length === 0) return null;
      const name = kind === "risk" ? t("Ma trận rủi ro") : t("Ma trận cơ hội");
      const told = own.filter((line) => isPlace(line.before)).map((line) => this.tell(line));
      this.matrices[kind].draw(own, `${name}. ${told.length > 0 ? told.join("; ") : t("Chưa có dòng nào được chấm điểm")}.`);
      return h("figure", { class: "ix-w-register-figure" }, h("figcaption", {}, name), this.matrices[kind].node, bandLegend(this.bands, kind));
    });
    fill(
      this.overview,
      h("h5", {}, t("Cả sổ trên ma trận")),
      h("p", { class: "ix-w-hint" }, t("Hình tròn đặc: trước khi hành động. Vòng tròn: sau khi hành động. Với rủi ro, càng về góc trên bên phải càng đáng lo; với cơ hội, càng đáng làm.")),
      h("div", { class: "ix-w-register-pictures" }, pictures),
      lines.length > 0 ? this.table(lines) : null,
    );
  }

  tell(line) {
    const before = `${line.label} ${scoreWords(this.bands, line.before)}`;
    return isPlace(line.after) ? t("{before}, sau hành động {after}", { before, after: scoreWords(this.bands, line.after) }) : before;
  }

  table(lines) {
    const head = [t("Số"), t("Rủi ro, cơ hội"), t("Điểm trước"), t("Điểm sau")].map((name) => h("th", { scope: "col" }, name));
    const rows = lines.map((line) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, line.label),
        h("td", {}, line.event || t("(chưa ghi)")),
        h("td", {}, scoreWords(this.bands, line.before)),
        h("td", {}, scoreWords(this.bands, line.after)),
      ),
    );
    return h("table", { class: "ix-w-register-table" }, h("caption", {}, t("Sổ rủi ro và cơ hội, tóm tắt")), h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
  }

  // ---- outside ----

  values() {
    return this.records.values().map((value) => ({ ...value, ...Object.fromEntries(LEVEL_FIELDS.map((id) => [id, value[id] === "" ? null : Number(value[id])])) }));
  }

  setValues(values) {
    const list = Array.isArray(values) ? values : [];
    const typed = list.filter((one) => one !== null && typeof one === "object").map((one) => ({
      ...one,
      kind: one.kind === "opportunity" ? "opportunity" : "risk",
      ...Object.fromEntries(LEVEL_FIELDS.map((id) => [id, LEVELS.includes(one[id]) ? String(one[id]) : ""])),
    }));
    this.records.setValues(typed);
    this.redraw();
  }

  setDisabled(flag) {
    this.records.setDisabled(flag);
    if (this.pick) this.pick.disabled = flag;
    if (this.take) this.take.disabled = flag;
  }

  /** Write under each field what it lacks; `advice` stands in the card's last place. Returns the first card with a problem. */
  showProblems(problems, advice) {
    for (const record of this.records.records) {
      const mine = problems.filter((one) => one.risk === record.id);
      const opportunity = record.inputs.get("kind").value === "opportunity";
      this.records.mark(record.id, Object.fromEntries(mine.map((one) => [one.field, problemWords(one, opportunity)])));
      const hints = advice.filter((one) => one.risk === record.id).map((one) => h("p", { class: "ix-w-note" }, adviceWords(one)));
      fill(record.extra, hints);
    }
  }

  nameOf(id) {
    const record = this.records.records.find((one) => one.id === id);
    return record ? record.heading.textContent : "";
  }
}

const RISK_NAMES = () => ({
  cause: t("Nguyên nhân"),
  event: t("Sự kiện có thể xảy ra"),
  effect: t("Hậu quả"),
  severity: t("Mức ảnh hưởng"),
  treatment: t("Hành động xử lý"),
  likelihood_after: t("Khả năng sau xử lý"),
  severity_after: t("Ảnh hưởng sau xử lý"),
});

const OPPORTUNITY_NAMES = () => ({
  cause: t("Hoàn cảnh thuận lợi"),
  event: t("Việc có thể làm"),
  effect: t("Lợi ích"),
  severity: t("Mức lợi ích"),
  treatment: t("Hành động để nắm bắt"),
  likelihood_after: t("Khả năng sau hành động"),
  severity_after: t("Lợi ích sau hành động"),
});

function lineOf(record) {
  const value = (id) => record.inputs.get(id).value;
  const level = (id) => (value(id) === "" ? null : Number(value(id)));
  return {
    kind: value("kind") === "opportunity" ? "opportunity" : "risk",
    cause: value("cause").trim(),
    event: value("event").trim(),
    effect: value("effect").trim(),
    before: { likelihood: level("likelihood"), severity: level("severity") },
    after: { likelihood: level("likelihood_after"), severity: level("severity_after") },
  };
}

function numberOf(record, all) {
  const kind = (one) => one.inputs.get("kind").value === "opportunity";
  return all.filter((one) => kind(one) === kind(record)).indexOf(record) + 1;
}

function nameOf(record, all) {
  const index = number(numberOf(record, all));
  return record.inputs.get("kind").value === "opportunity" ? t("Cơ hội {number}", { number: index }) : t("Rủi ro {number}", { number: index });
}

function markOf(record, all) {
  return `${record.inputs.get("kind").value === "opportunity" ? "C" : "R"}${numberOf(record, all)}`;
}

function scoreLine(words, place) {
  return isPlace(place) ? words : "";
}

function sentence({ kind, cause, event, effect }) {
  if (!cause && !event && !effect) return "";
  const parts = { cause: inside(cause), event: inside(event), effect: inside(effect) };
  const words =
    kind === "opportunity"
      ? t("Nhờ {cause}, có thể {event}, từ đó {effect}.", parts)
      : t("Vì {cause}, có thể {event}, dẫn đến {effect}.", parts);
  return `${t("Đọc liền một câu:")} ${words}`;
}

// A part in the middle of a sentence begins small, unless it begins with a name (two capitals) or an abbreviation.
function inside(text) {
  if (!text) return "…";
  const plain = text.replace(/\s+/g, " ").replace(/[.;,]+$/, "");
  const [first, second = ""] = plain.split(" ");
  const capital = (word) => word !== "" && word[0] !== word[0].toLowerCase();
  const name = (first.length > 1 && first === first.toUpperCase()) || (capital(first) && capital(second));
  return name ? plain : plain[0].toLowerCase() + plain.slice(1);
}

function problemWords({ field, reason }, opportunity) {
  if (reason === "same") return t("Ô này đang trùng chữ với ô trên; mỗi ô là một ý khác nhau.");
  if (reason === "not_lower") return t("Điểm sau cao hơn điểm trước. Xem lại hành động, hoặc chấm lại.");
  if (reason === "not_higher") return t("Điểm sau thấp hơn điểm trước. Với cơ hội, hành động phải làm khả năng hoặc lợi ích tăng lên, ít nhất là giữ nguyên.");
  const needed = {
    cause: opportunity ? t("Ghi hoàn cảnh thuận lợi: nhờ đâu có cơ hội này?") : t("Ghi nguyên nhân: vì sao chuyện ấy có thể xảy ra?"),
    event: opportunity ? t("Ghi việc đơn vị có thể làm.") : t("Ghi sự kiện: chuyện gì có thể xảy ra?"),
    effect: opportunity ? t("Ghi lợi ích: người dân, đơn vị được gì?") : t("Ghi hậu quả: nếu xảy ra thì ai bị gì?"),
    likelihood: t("Chọn khả năng xảy ra."),
    severity: opportunity ? t("Chọn mức lợi ích.") : t("Chọn mức ảnh hưởng."),
    treatment: t("Từ mức trung bình trở lên cần ghi hành động."),
    owner: t("Ghi một người phụ trách."),
    due: t("Chọn ngày."),
    likelihood_after: t("Chấm lại khả năng sau khi hành động."),
    severity_after: opportunity ? t("Chấm lại mức lợi ích sau khi hành động.") : t("Chấm lại mức ảnh hưởng sau khi xử lý."),
  };
  return needed[field] || "";
}

function adviceWords({ reason, words }) {
  if (reason === "only_reminds") return t("Gợi ý: hành động này mới là nhắc nhở. Nhắc xong, cách làm vẫn như cũ; thử ghi một việc làm đổi cách làm.");
  if (reason === "effect_inside") return t("Gợi ý: có chữ “{words}” trong phần nguyên nhân hoặc sự kiện. Phần sau chữ ấy có lẽ thuộc ô hậu quả.", { words });
  return t("Gợi ý: có chữ “{words}” trong phần sự kiện hoặc hậu quả. Phần sau chữ ấy có lẽ thuộc ô nguyên nhân.", { words });
}

// Placing the made-up commune's risks: for each one two lists to choose from, or a click on its matrix; both say the same.

import { fill, h, uid } from "./dom.js";
import { number, t } from "./i18n.js";
import { LEVELS, RiskMatrix, isPlace, scoreWords } from "./risk_matrix.js";

export class PlacingBoard {
  constructor({ worked, scale, bands, onChange }) {
    this.scale = scale;
    this.bands = bands;
    this.onChange = onChange;
    this.locked = false;
    this.items = new Map();
    this.node = h("div", { class: "ix-w-placing" }, worked.map((risk, index) => this.item(risk, index)));
  }

  get size() {
    return this.items.size;
  }

  item(risk, index) {
    const title = h("h5", { id: uid("risk"), class: "ix-w-placing-title" }, t("Rủi ro {number}", { number: number(index + 1) }));
    const matrix = new RiskMatrix({ bands: this.bands, across: t("Mức ảnh hưởng"), onPick: (likelihood, severity) => this.put(risk.id, { likelihood, severity }) });
    const product = h("p", { class: "ix-w-placing-score", "aria-live": "polite" });
    const reason = h("div", { class: "ix-w-placing-reason", id: uid("reason") });
    const likelihood = this.levels(t("Khả năng xảy ra"), this.scale.likelihood, risk.id, reason.id);
    const severity = this.levels(t("Mức ảnh hưởng"), this.scale.severity, risk.id, reason.id);
    const row = h(
      "div",
      { class: "ix-w-placing-item", role: "group", "aria-labelledby": title.id },
      h(
        "div",
        { class: "ix-w-placing-words" },
        title,
        parts(risk),
        likelihood.node,
        severity.node,
        product,
        h("p", { class: "ix-w-hint" }, t("Chọn trong hai danh sách, hoặc bấm vào một ô của ma trận.")),
      ),
      matrix.node,
      reason,
    );
    this.items.set(risk.id, { title: title.textContent, label: String(index + 1), matrix, product, reason, row, likelihood: likelihood.select, severity: severity.select, after: null });
    this.redraw(risk.id);
    return row;
  }

  levels(name, words, id, describedby) {
    const own = uid("level");
    const select = h(
      "select",
      { id: own, class: "ix-w-input", "aria-describedby": describedby, onchange: () => this.changed(id) },
      h("option", { value: "" }, t("– Chọn –")),
      LEVELS.map((level) => h("option", { value: String(level) }, `${level} – ${words[level - 1]}`)),
    );
    return { select, node: h("div", { class: "ix-w-field" }, h("label", { for: own }, name), select) };
  }

  put(id, place) {
    if (this.locked) return;
    this.fillIn(id, place);
    this.changed(id);
  }

  changed(id) {
    this.clear(id);
    this.redraw(id);
    this.onChange();
  }

  fillIn(id, place) {
    const item = this.items.get(id);
    for (const axis of ["likelihood", "severity"]) item[axis].value = place && LEVELS.includes(place[axis]) ? String(place[axis]) : "";
  }

  placeOf(id) {
    const item = this.items.get(id);
    const level = (select) => (select.value === "" ? null : Number(select.value));
    return { likelihood: level(item.likelihood), severity: level(item.severity) };
  }

  redraw(id) {
    const item = this.items.get(id);
    const place = this.placeOf(id);
    const set = isPlace(place);
    const shown = { place: `${place.likelihood} × ${place.severity}`, score: scoreWords(this.bands, place) };
    item.product.textContent = set ? t("Điểm: {place} = {score}", shown) : t("Chọn cả hai mức để có điểm.");
    let words = set
      ? t("Ma trận 5×5: {risk} ở khả năng {likelihood}, ảnh hưởng {severity}, điểm {score}.", { risk: item.title, ...place, score: scoreWords(this.bands, place) })
      : t("Ma trận 5×5: {risk} chưa có chỗ.", { risk: item.title });
    if (set && item.after) words += ` ${t("Sau khi xử lý: {score}.", { score: scoreWords(this.bands, item.after) })}`;
    item.matrix.draw(set ? [{ label: item.label, before: place, after: item.after }] : [], words);
  }

  clear(id) {
    const item = this.items.get(id);
    item.after = null;
    fill(item.reason);
    item.row.classList.remove("ix-w-part-good", "ix-w-part-bad");
  }

  // ---- outside ----

  placed() {
    const placed = [...this.items.keys()].map((id) => [id, this.placeOf(id)]);
    return Object.fromEntries(placed.filter(([, place]) => place.likelihood !== null || place.severity !== null));
  }

  setPlaced(placed) {
    for (const id of this.items.keys()) {
      this.clear(id);
      this.fillIn(id, placed !== null && typeof placed === "object" ? placed[id] : null);
      this.redraw(id);
    }
  }

  setDisabled(flag) {
    this.locked = flag;
    for (const { likelihood, severity } of this.items.values()) {
      likelihood.disabled = flag;
      severity.disabled = flag;
    }
  }

  /** Mark every placed risk; `right` are those in place, with how the commune treated them: drawn as an arrow. */
  showReasons(misplaced, right) {
    for (const id of this.items.keys()) this.clear(id);
    for (const one of misplaced) {
      const item = this.items.get(one.item);
      item.row.classList.add("ix-w-part-bad");
      const off = [axisWords(t("Khả năng xảy ra"), one.likelihood), axisWords(t("Mức ảnh hưởng"), one.severity)].filter(Boolean);
      fill(item.reason, note("✗ ", `${off.join(" ")} ${one.why}`));
    }
    for (const one of right) {
      const item = this.items.get(one.id);
      item.row.classList.add("ix-w-part-good");
      item.after = { likelihood: one.likelihood_after, severity: one.severity_after };
      const after = `${one.likelihood_after} × ${one.severity_after} = ${scoreWords(this.bands, item.after)}`;
      fill(item.reason, note("✓ ", `${t("Đúng chỗ.")} ${one.why}`), h("p", { class: "ix-w-note" }, t("Xã đã làm: {treatment}. Điểm sau khi xử lý: {after}.", { treatment: one.treatment.replace(/\.$/, ""), after })));
      this.redraw(one.id);
    }
  }
}

function parts({ cause, event, effect }) {
  return h(
    "dl",
    { class: "ix-w-risk-parts" },
    [
      [t("Nguyên nhân"), cause],
      [t("Sự kiện có thể xảy ra"), event],
      [t("Hậu quả"), effect],
    ].map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))),
  );
}

function note(sign, words) {
  return h("p", { class: "ix-w-note" }, h("span", { class: "ix-w-note-sign", "aria-hidden": "true" }, sign), words);
}

function axisWords(axis, verdict) {
  if (verdict === "high") return t("{axis}: chọn hơi cao.", { axis });
  return verdict === "low" ? t("{axis}: chọn hơi thấp.", { axis }) : "";
}

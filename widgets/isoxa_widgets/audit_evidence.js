// The folder of evidence: its pieces in a list, one open at a time like a sheet of paper, and under it what the officer says
// of it.
//   mouse, touch  the list, or the buttons before and after;
//   keyboard      Tab to the list, then the arrows, Home and End; or the same buttons.
// `results` (piece → what the kernel said) shows in the list until the piece is changed.

import { fill, focusOn, h, paragraphs, uid } from "./dom.js";
import { number, t } from "./i18n.js";
import { Judgement } from "./audit_judgement.js";

const SHORT = 12; // letters of a cell that is not broken: "10 giờ 30"
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export class EvidenceFolder {
  constructor({ pieces, verdicts, criteria, parts, onChange, onOpen }) {
    this.pieces = pieces;
    this.words = new Map(verdicts.map((one) => [one.id, one.text]));
    this.partIds = parts.map((one) => one.id);
    this.onOpen = onOpen;
    this.judged = new Map(pieces.map((piece) => [piece.id, this.blank()]));
    this.results = new Map();
    this.at = 0;
    this.form = new Judgement({
      verdicts,
      criteria,
      parts,
      onChange: (change) => {
        const { id } = this.current;
        this.judged.set(id, this.form.value());
        this.results.delete(id);
        this.tellAll();
        onChange(change);
      },
    });
    this.count = h("p", { class: "ix-w-folder-count", role: "status" });
    this.paper = h("div", { class: "ix-w-paper", role: "tabpanel", id: uid("paper") });
    this.tabs = pieces.map((piece, index) => this.tab(piece, index));
    this.back = h("button", { type: "button", class: "ix-w-button" }, t("Mục trước"));
    this.next = h("button", { type: "button", class: "ix-w-button" }, t("Mục sau"));
    this.back.addEventListener("click", () => this.step(-1));
    this.next.addEventListener("click", () => this.step(1));
    const list = h("div", { class: "ix-w-folder-list", role: "tablist", "aria-label": t("Các mục trong tập bằng chứng") }, this.tabs.map((one) => one.node));
    this.sheet = h("div", { class: "ix-w-sheet" }, this.paper, this.form.node);
    this.node = h(
      "div",
      { class: "ix-w-folder" },
      h("div", { class: "ix-w-folder-side" }, this.count, list),
      this.sheet,
    );
    this.open(0);
  }

  get current() {
    return this.pieces[this.at];
  }

  get result() {
    return this.results.get(this.current.id) || null;
  }

  blank() {
    return { verdict: "", criterion: "", finding: Object.fromEntries(this.partIds.map((id) => [id, ""])) };
  }

  tab(piece, index) {
    const sign = h("span", { class: "ix-w-folder-sign", "aria-hidden": "true" });
    const said = h("span", { class: "ix-w-hidden" });
    const node = h(
      "button",
      { type: "button", role: "tab", id: uid("piece"), class: "ix-w-folder-tab", "aria-controls": this.paper.id },
      h("span", { class: "ix-w-folder-number" }, number(index + 1)),
      h("span", { class: "ix-w-folder-name" }, h("span", { class: "ix-w-folder-kind" }, piece.kind), " ", piece.title),
      sign,
      said,
    );
    node.addEventListener("click", () => this.open(index));
    node.addEventListener("keydown", (event) => this.key(event));
    return { node, sign, said };
  }

  key(event) {
    const last = this.pieces.length - 1;
    let to = null;
    if (event.key in STEPS) to = (this.at + STEPS[event.key] + last + 1) % (last + 1);
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = last;
    if (to === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.open(to);
    this.tabs[to].node.focus();
  }

  step(by) {
    const to = this.at + by;
    if (to < 0 || to >= this.pieces.length) return;
    this.open(to);
    focusOn(this.paper);
  }

  open(index) {
    this.at = index;
    const { kind, title, body, table } = this.current;
    fill(
      this.paper,
      h("p", { class: "ix-w-paper-kind" }, kind, h("span", { class: "ix-w-paper-place" }, t("Mục {number} trên {total}", { number: number(index + 1), total: number(this.pieces.length) }))),
      h("h4", { class: "ix-w-paper-title" }, title),
      paragraphs(body),
      table ? paperTable(table, title) : null,
    );
    this.paper.setAttribute("aria-labelledby", this.tabs[index].node.id);
    this.form.setValue(this.judged.get(this.current.id));
    setOff(this.back, index === 0);
    setOff(this.next, index === this.pieces.length - 1);
    this.tellAll();
    this.onOpen();
  }

  // The list says of each piece how far it is: in a sign, and in words for those who hear the page.
  tellAll() {
    let done = 0;
    this.pieces.forEach((piece, index) => {
      const { node, sign, said } = this.tabs[index];
      const { verdict } = this.judged.get(piece.id);
      const result = this.results.get(piece.id);
      if (verdict !== "") done += 1;
      const standing = verdict === "" ? "open" : !result ? "judged" : result.right ? "right" : "again";
      node.setAttribute("aria-selected", String(index === this.at));
      node.tabIndex = index === this.at ? 0 : -1;
      node.dataset.standing = standing;
      sign.textContent = { open: "", judged: "•", right: "✓", again: "!" }[standing];
      const words = { open: t("chưa xét"), judged: this.words.get(verdict), right: t("đúng"), again: t("cần xem lại") }[standing];
      if (said.textContent !== `(${words})`) said.textContent = `(${words})`;
    });
    const words = t("{done} trên {total} mục đã xét", { done: number(done), total: number(this.pieces.length) });
    if (this.count.textContent !== words) this.count.textContent = words;
  }

  value() {
    const touched = [...this.judged].filter(([, one]) => one.verdict !== "" || one.criterion !== "" || this.partIds.some((id) => one.finding[id] !== ""));
    return Object.fromEntries(touched.map(([id, one]) => [id, { ...one, finding: { ...one.finding } }]));
  }

  setValue(judged) {
    for (const { id } of this.pieces) this.judged.set(id, this.read(judged[id]));
    this.results.clear();
    this.form.setValue(this.judged.get(this.current.id));
    this.tellAll();
  }

  read(raw) {
    const one = this.blank();
    if (raw === null || typeof raw !== "object") return one;
    if (this.words.has(raw.verdict)) one.verdict = raw.verdict;
    if (typeof raw.criterion === "string") one.criterion = raw.criterion;
    const finding = raw.finding !== null && typeof raw.finding === "object" ? raw.finding : {};
    for (const id of this.partIds) if (typeof finding[id] === "string") one.finding[id] = finding[id];
    return one;
  }

  /** What the kernel said of the pieces; one that changed since it was `asked` (as `value()` gives it) is left out. */
  setResults(results, asked) {
    const now = this.value();
    for (const [id, result] of Object.entries(results)) {
      if (this.judged.has(id) && JSON.stringify(now[id]) === JSON.stringify(asked[id])) this.results.set(id, result);
    }
    this.tellAll();
  }

  setDisabled(flag) {
    this.form.setDisabled(flag);
  }
}

// Not `disabled`: the focus must not fall off a button that was just pressed.
function setOff(button, flag) {
  if (flag) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function paperTable({ columns, rows }, title) {
  const head = h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)));
  const body = rows.map((row) => h("tr", {}, row.map((cell) => h("td", { class: cell.length <= SHORT ? "ix-w-paper-short" : null }, cell))));
  const table = h("table", { class: "ix-w-paper-table" }, h("thead", {}, head), h("tbody", {}, body));
  // A wide table moves inside its own frame, also by keyboard; the page never goes sideways.
  return h("div", { class: "ix-w-paper-scroll", role: "region", tabindex: "0", "aria-label": t("Bảng trong: {title}", { title }) }, table);
}

// The cause tree as a widget: sort corrections from corrective actions, follow a guided chain of whys, then write the slip of
// one's own: the problem, its causes as a tree, actions, and how their effect will be checked.

import { GuidedChain } from "./cause_chain.js";
import { CauseEditor } from "./cause_editor.js";
import { CausePicture } from "./cause_picture.js";
import { debounce, fill, h, paragraphs, uid } from "./dom.js";
import { FieldsForm } from "./form.js";
import { number, t } from "./i18n.js";
import { renderClassification } from "./question_pairs.js";
import { Records } from "./records.js";
import { Tool, renderTool } from "./tool.js";

const DRAW_MS = 250;

class CauseTree extends Tool {
  constructor(context) {
    super(context, { className: "ix-w-cause-tool" });
  }

  build(model) {
    this.own = model.get("own");
    const parts = [this.buildSorting(model), this.buildChain(model), this.buildSlip()];
    const titles = [t("Phần 1. Sự khắc phục hay hành động khắc phục?"), t("Phần 2. Hỏi vì sao đến tận gốc"), t("Phần 3. Phiếu hành động khắc phục của đơn vị anh/chị")];
    return parts.map((part, index) => [h("h4", { class: "ix-w-part-title" }, titles[index]), part]);
  }

  buildSorting(model) {
    this.items = model.get("sort");
    this.kinds = new Map(model.get("kinds").map((kind) => [kind.id, kind.text]));
    this.notes = new Map();
    const first = this.checkRow(t("Kiểm tra cách xếp"));
    const help = h("p", { class: "ix-w-hint", id: uid("help") }, t("Chọn cho mỗi việc một loại."));
    this.sorting = renderClassification({ question: { items: this.items, boxes: model.get("kinds") }, problemId: help.id }, () => {
      this.clearNotes();
      this.changed();
    });
    return [help, this.sorting.node, first];
  }

  buildChain(model) {
    this.chainRow = this.partRow(t("Kiểm tra"));
    this.chain = new GuidedChain({ chain: model.get("chain"), onPick: () => this.ask({}, this.chainRow) });
    return [this.chain.node, this.chainRow.notice, this.chainRow.place];
  }

  buildSlip() {
    this.slipRow = this.partRow(t("Kiểm tra phiếu"));
    const changed = (event) => this.changed({ ...event, row: this.slipRow });
    this.form = new FieldsForm({
      onChange: (event) => {
        this.redraw();
        changed(event);
      },
      fields: [
        { id: "problem", kind: "long", label: t("Điểm không phù hợp: chuyện gì đã xảy ra, ở đâu, bao nhiêu?"), hint: t("Nói về việc, không nói về người. Không ghi tên, số giấy tờ của người dân.") },
        { id: "requirement", kind: "long", label: t("Yêu cầu không được đáp ứng"), hint: t("Yêu cầu nào, ở văn bản, quy trình hay giấy hẹn nào?") },
        { id: "evidence", kind: "long", label: t("Bằng chứng"), hint: t("Hồ sơ, sổ, số liệu mà người khác mở ra cũng thấy.") },
        { id: "correction", kind: "long", label: t("Sự khắc phục: đã sửa ngay việc gì cho người dân?") },
        { id: "similar", kind: "long", label: t("Trường hợp tương tự: đã tìm ở đâu, có thêm không?"), hint: t("Tìm rồi mà không có thì ghi: đã xem những gì, không thấy.") },
      ],
    });
    this.editor = new CauseEditor({
      onChange: (event) => {
        this.redraw();
        changed(event);
      },
    });
    this.picture = new CausePicture();
    this.redraw = debounce(() => this.picture.draw(this.form.values().problem, this.editor.causes, this.editor.root), DRAW_MS);
    this.actions = new Records({
      title: t("Hành động"),
      add: t("Thêm hành động"),
      most: 12,
      onChange: changed,
      fields: [
        { id: "text", kind: "long", label: t("Hành động khắc phục: đổi cách làm thế nào?") },
        { id: "owner", label: t("Người phụ trách") },
        { id: "due", kind: "date", label: t("Xong ngày") },
      ],
    });
    this.noAction = h("p", { class: "ix-w-problem", role: "status" });
    this.effect = new FieldsForm({
      onChange: changed,
      fields: [
        { id: "measure", kind: "long", label: t("Đo hiệu lực bằng gì?"), hint: t("Một con số hoặc một cách xem lại, trong bao lâu. “Đã làm xong” chưa phải là có hiệu lực.") },
        { id: "date", kind: "date", label: t("Ngày kiểm tra hiệu lực"), hint: t("Sau ngày xong các hành động, đủ lâu để lỗi có dịp quay lại.") },
        { id: "result", kind: "long", label: t("Kết quả kiểm tra"), hint: t("Để trống đến ngày kiểm tra; khi ấy mở lại bài này để ghi.") },
      ],
    });
    return [
      paragraphs(this.own.intro),
      this.form.node,
      h("h5", {}, t("Cây nguyên nhân")),
      h("p", { class: "ix-w-hint" }, t("Viết câu trả lời, rồi hỏi tiếp vì sao, ít nhất {count} lần. Một câu có thể có nhiều nguyên nhân. Dừng ở chỗ đơn vị tự sửa được, và chọn đó là nguyên nhân gốc.", { count: number(this.own.min_whys) })),
      this.editor.node,
      this.picture.node,
      h("h5", {}, t("Hành động khắc phục")),
      this.actions.node,
      this.noAction,
      h("h5", {}, t("Kiểm tra hiệu lực")),
      this.effect.node,
      this.slipRow.nodes,
    ];
  }

  state() {
    return {
      sorted: this.sorting.get() || {},
      chain: this.chain.values(),
      own: { ...this.form.values(), causes: this.editor.values(), root: this.editor.root, actions: this.actions.values(), effect: this.effect.values() },
    };
  }

  show({ sorted, chain, own }) {
    const slip = own !== null && typeof own === "object" ? own : {};
    this.sorting.set(sorted);
    this.clearNotes();
    this.chain.setValues(chain);
    this.form.setValues(slip);
    this.editor.setValues(slip.causes, slip.root);
    this.actions.setValues(slip.actions);
    fill(this.noAction);
    this.effect.setValues(slip.effect);
    this.redraw();
    this.redraw.now();
    const state = this.state();
    // The reasons of the chain come back with it.
    if (Object.keys(state.chain).length > 0) this.kernel.ask({ kind: "check", state }, { onReply: (reply) => this.chain.tell(reply.chain), onSilence: () => this.chain.openNext() });
  }

  enable(flag) {
    this.sorting.disable(!flag);
    this.chain.setDisabled(!flag);
    this.form.setDisabled(!flag);
    this.editor.setDisabled(!flag);
    this.actions.setDisabled(!flag);
    this.effect.setDisabled(!flag);
  }

  clearNotes() {
    for (const row of this.sorting.parts().values()) row.classList.remove("ix-w-part-good", "ix-w-part-bad");
    for (const note of this.notes.values()) note.remove();
    this.notes.clear();
  }

  tell(reply, row) {
    if (reply.done) this.markDone(true);
    this.chain.tell(reply.chain);
    if (row === this.slipRow) this.tellSlip(reply);
    else if (row !== this.chainRow) this.tellSorting(reply);
  }

  silent(row) {
    if (row === this.chainRow) this.chain.openNext();
  }

  tellSorting({ missorted, unsorted }) {
    this.clearNotes();
    const wrong = new Map(missorted.map((one) => [one.item, one]));
    for (const [id, row] of this.sorting.parts()) {
      if (unsorted.includes(id)) continue;
      const one = wrong.get(id);
      row.classList.add(one ? "ix-w-part-bad" : "ix-w-part-good");
      const words = one ? t("Nên xếp vào “{kind}”. {why}", { kind: this.kinds.get(one.right_kind), why: one.why }) : t("Đúng loại.");
      const note = h("p", { class: "ix-w-note" }, h("span", { class: "ix-w-note-sign", "aria-hidden": "true" }, one ? "✗ " : "✓ "), words);
      row.append(note);
      this.notes.set(id, note);
    }
    const total = this.items.length;
    const right = total - missorted.length - unsorted.length;
    const lines = [title(right === total, t("{right} trên {total} việc đúng loại", { right: number(right), total: number(total) }))];
    if (missorted.length > 0) lines.push(h("p", {}, t("{count} việc cần xem lại: lý do ghi ngay dưới từng việc.", { count: missorted.length })));
    if (unsorted.length > 0) lines.push(h("p", {}, t("{count} việc chưa xếp.", { count: unsorted.length })));
    this.showVerdict(right === total, lines);
  }

  tellSlip({ own_missing: missing, done, missorted, unsorted, chain, chain_missing: unanswered }) {
    const of = (part) => missing.filter((one) => one.part === part);
    this.form.mark(Object.fromEntries(missing.map((one) => [one.part, t("Ô này còn trống.")])));
    this.editor.mark([...of("causes"), ...of("root")].map((one) => this.causeWords(one))[0] || "");
    for (const { id } of this.actions.values()) this.actions.mark(id, Object.fromEntries(of("actions").filter((one) => one.item === id).map((one) => [one.field, actionWords(one)])));
    const none = of("actions").some((one) => one.item === "");
    fill(this.noAction, none ? document.createTextNode(t("Cần ít nhất một hành động, có người phụ trách và ngày xong.")) : null);
    this.effect.mark(Object.fromEntries(of("effect").map((one) => [one.field, effectWords(one)])));
    const good = missing.length === 0;
    const lines = [title(good, good ? t("Phiếu đã đủ.") : t("Phiếu còn {count} chỗ cần xem lại; mỗi chỗ ghi ngay dưới ô ấy.", { count: number(missing.length) }))];
    if (missing.some((one) => one.reason === "only_reminds")) lines.push(h("p", {}, t("Nhắc nhở không bỏ được nguyên nhân: người khác ngồi vào chỗ ấy thì chuyện vẫn xảy ra.")));
    const others = missorted.length > 0 || unsorted.length > 0 || unanswered.length > 0 || chain.some((one) => !one.right);
    if (good && others) lines.push(h("p", {}, t("Anh/chị hoàn thành nốt phần 1 và phần 2.")));
    if (done) lines.push(h("p", {}, t("Anh/chị đã xong cả ba phần. Đến ngày kiểm tra, mở lại phiếu, ghi kết quả, và cập nhật sổ rủi ro nếu cần.")));
    this.showVerdict(good, lines);
  }

  causeWords({ part, reason }) {
    if (part === "causes") return t("Cây nguyên nhân còn trống.");
    if (reason === "shallow") return t("Nguyên nhân gốc anh/chị chọn chưa đủ {count} lần hỏi vì sao. Hỏi tiếp, rồi chọn lại.", { count: number(this.own.min_whys) });
    return t("Chọn một câu trả lời làm nguyên nhân gốc.");
  }

  close() {
    this.picture.close();
    super.close();
  }
}

function actionWords({ field, reason }) {
  if (reason === "only_reminds") return t("Đây mới là nhắc nhở, rút kinh nghiệm. Ghi thêm việc làm đổi cách làm: giấy tờ, bảng, lịch, phần mềm hay phân công nào khác đi?");
  if (field === "text") return t("Ghi hành động.");
  return field === "owner" ? t("Ghi một người phụ trách.") : t("Chọn ngày.");
}

function effectWords({ field, reason }) {
  if (reason === "too_early") return t("Ngày kiểm tra phải sau ngày xong các hành động.");
  return field === "measure" ? t("Ghi cách đo.") : t("Chọn ngày.");
}

function title(good, words) {
  return h("p", { class: "ix-w-verdict-title" }, h("span", { "aria-hidden": "true" }, good ? "✓ " : "• "), words);
}

export default { render: renderTool(CauseTree) };

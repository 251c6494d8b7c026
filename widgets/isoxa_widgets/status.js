// The line that tells whether what was done is safe: where the eyes are, read out politely, always the same height.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { relogin } from "./relogin.js";

/** A status line for a queue; `.remove()` it and it stops listening. */
export function statusLine(queue) {
  const sign = h("span", { class: "ix-w-status-sign", "aria-hidden": "true" });
  const words = h("span", { role: "status", class: "ix-w-status-words" });
  const button = h("button", { type: "button", class: "ix-w-button ix-w-button-small", hidden: true });
  const line = h("div", { class: "ix-w ix-w-status", "data-state": "idle" }, sign, words, button);
  let act = null;
  button.addEventListener("click", () => act && act());

  const stop = queue.onStatus((state) => {
    const shown = look(state, queue.store.durable);
    line.dataset.state = state;
    sign.textContent = shown.sign;
    // Writing the same words again would be read out again.
    if (words.textContent !== shown.words) words.textContent = shown.words;
    button.hidden = !shown.button;
    button.textContent = shown.button || "";
    act = state === "foreign" ? () => location.reload() : () => signIn(queue);
  });
  const remove = line.remove.bind(line);
  line.remove = () => {
    stop();
    remove();
  };
  return line;
}

let claimed = null;

/**
 * The status line of a lesson's widget: it stands in the widget that was touched last, so that the words are where the
 * eyes are and one page has one line that speaks.
 */
export function claimStatus(host, queue) {
  if (queue === null || (claimed && claimed.parentNode === host)) return;
  if (claimed) claimed.remove();
  claimed = statusLine(queue);
  host.append(claimed);
}

/** Ask to sign in again and go on sending. Resolves to true when the owner of the page is back. */
export async function signIn(queue) {
  const outcome = await relogin(queue.api);
  if (outcome === "mine") {
    queue.flush();
    return true;
  }
  if (outcome === "foreign") queue.report("foreign");
  return false;
}

function look(state, durable) {
  switch (state) {
    case "saving":
      return { sign: "…", words: t("Đang lưu…") };
    case "saved":
      return { sign: "✓", words: t("Đã lưu") };
    case "offline":
      return durable
        ? { sign: "!", words: t("Mất kết nối – câu trả lời được giữ trên máy này") }
        : { sign: "!", words: t("Mất kết nối – xin giữ trang này mở cho đến khi lưu được") };
    case "busy":
      return durable
        ? { sign: "!", words: t("Máy chủ đang bận – câu trả lời được giữ trên máy này và sẽ tự gửi lại") }
        : { sign: "!", words: t("Máy chủ đang bận – xin giữ trang này mở cho đến khi lưu được") };
    case "signed-out":
      return {
        sign: "!",
        words: t("Phiên đăng nhập đã hết – câu trả lời được giữ trên máy này"),
        button: t("Đăng nhập lại"),
      };
    case "foreign":
      return {
        sign: "!",
        words: t("Người khác đang đăng nhập trên máy này – câu trả lời của anh/chị được giữ riêng, chưa gửi"),
        button: t("Tải lại trang"),
      };
    default:
      return { sign: "", words: "" };
  }
}

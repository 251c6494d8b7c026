// Logging in again without leaving the page: the session ended, the answers are still here.

import { ApiError } from "./api.js";
import { h, uid } from "./dom.js";
import { t } from "./i18n.js";

let open = null;

/** Show the dialog (once, however many ask). Resolves to "mine", "foreign" (somebody else signed in) or null (closed). */
export function relogin(api) {
  if (open === null) {
    open = show(api).finally(() => {
      open = null;
    });
  }
  return open;
}

function field(label, props) {
  const input = h("input", { id: uid("field"), class: "ix-w-input", required: true, ...props });
  return { input, row: h("p", { class: "ix-w-field" }, h("label", { for: input.id }, label), input) };
}

function show(api) {
  const title = h("h2", { id: uid("dialog"), class: "ix-w-dialog-title" }, t("Phiên đăng nhập đã hết"));
  const username = field(t("Tên đăng nhập"), { autocomplete: "username", autocapitalize: "none", spellcheck: "false" });
  const password = field(t("Mật khẩu"), { type: "password", autocomplete: "current-password" });
  const problem = h("p", { class: "ix-w-problem", role: "alert" });
  const button = h("button", { type: "submit", class: "ix-w-button ix-w-button-main" }, t("Đăng nhập"));
  const dialog = h("dialog", { class: "ix-w ix-w-dialog", "aria-labelledby": title.id });
  let outcome = null;

  async function submit(event) {
    event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      await api.login(username.input.value, password.input.value);
      outcome = api.foreign() ? "foreign" : "mine";
      dialog.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.textContent =
        error.status === 0
          ? t("Chưa kết nối được với máy chủ. Câu trả lời vẫn được giữ trên máy này; anh/chị thử lại sau ít phút.")
          : error.message;
      password.input.focus();
      password.input.select();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  dialog.append(
    title,
    h("p", {}, t("Anh/chị đăng nhập lại tại đây để lưu tiếp. Những gì đã làm vẫn được giữ trên máy này.")),
    h("form", { onsubmit: submit }, username.row, password.row, problem, h("div", { class: "ix-w-actions" }, button)),
  );
  if (api.lastUsername) username.input.value = api.lastUsername;
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(outcome);
    });
    document.body.append(dialog);
    dialog.showModal();
    (username.input.value ? password.input : username.input).focus();
  });
}

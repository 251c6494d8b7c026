// What a lesson page adds around its widgets: who is here, how far they are, and a calm word when the practice does not
// answer. The page itself is the same for everybody; this fills in what is not.
//   [data-ix-who]       gets the display name
//   [data-ix-logout]    the way out, with the token of whoever is here
//   [data-ix-progress]  gets "3 trên 7 phần thực hành" after what already stands there
//   start()             does all; each part also by itself

import { ApiError, pageContext } from "./api.js";
import { fill, h } from "./dom.js";
import { number, t } from "./i18n.js";
import { KERNEL_EVENT } from "./kernel.js";
import { watchOpening } from "./lesson_return.js";
import { openSession } from "./session.js";
import { openTransport } from "./transport.js";

/** A banner while the lesson's kernel does not answer; it goes as soon as it does. */
export function watchKernel(host = document.body) {
  const banner = h("div", { class: "ix-w ix-w-banner", role: "status" });
  host.append(banner);
  document.addEventListener(KERNEL_EVENT, ({ detail }) => {
    if (!detail.lost) {
      fill(banner);
      return;
    }
    const again = h("button", { type: "button", class: "ix-w-button ix-w-button-small", onclick: () => location.reload() }, t("Tải lại trang"));
    fill(
      banner,
      h("p", {}, t("Phần giải thích của bài học tạm thời không trả lời. Những gì anh/chị làm vẫn được lưu; trang đang tự nối lại, nếu lâu quá xin tải lại trang.")),
      again,
    );
  });
}

/** Keep the progress line of the page up to date. */
export async function showProgress(place, transport) {
  const before = place.textContent.trim();
  const show = ({ done, total }) => {
    if (!total) return;
    const words = t("Đã làm {done} trên {total} phần thực hành", { done: number(done), total: number(total) });
    const bar = h("progress", { max: String(total), "aria-hidden": "true" });
    bar.value = done;
    fill(place, h("span", {}, before ? `${before} · ${words} ` : `${words} `), bar);
  };
  transport.onProgress(show);
  try {
    show(await transport.progress());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Show the way out: the page holds nobody's token, and the session may change while it stands (a login in place). */
export function showLogout(form, api) {
  const token = h("input", { type: "hidden", name: "_isoxa_xsrf" });
  form.prepend(token);
  const renew = () => (token.value = api.session?.xsrf ?? "");
  renew();
  form.addEventListener("submit", renew, { capture: true });
  form.hidden = false;
}

/** Do all of it; returns the session's api, or null where there is no portal. */
export async function start() {
  const page = pageContext();
  if (page === null) return null;
  if (page.lesson) {
    watchKernel();
    watchOpening(page);
  }
  const { api } = await openSession(page);
  const who = document.querySelector("[data-ix-who]");
  if (who !== null && api.session.account) who.textContent = api.session.account.display_name;
  const logout = document.querySelector("form[data-ix-logout]");
  if (logout !== null && api.session.account) showLogout(logout, api);
  const place = document.querySelector("[data-ix-progress]");
  if (place !== null && page.lesson) await showProgress(place, await openTransport(null));
  return api;
}

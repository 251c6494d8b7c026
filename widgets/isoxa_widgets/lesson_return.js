// A page that cannot go on as it stands loads itself anew: its lesson was renewed at the server while it was open (an
// upgrade, a new edition), or its tools did not open. What was done is with the server or in this browser's storage by then
// (queue.js), and is there again afterwards. Nobody is torn from a word being typed, and no page reloads again and again.

import { pageContext } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { openSession } from "./session.js";

const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000];
const AT_REST_MS = 2500;
const SENDING_MS = 5000;
const LOOK_MS = 1000;
/** How long no further tool opens before that is a failure. A slow computer is busy meanwhile, which does not count. */
const STALL_MS = 45000;
const FAILED_MS = 5000;
const MOST_RELOADS = 2;
const MEMORY_MS = 600000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the server still has this page's lesson: "here", "gone" (renewed, or no longer theirs) or "unknown". */
async function standing(page, kernel) {
  try {
    const answer = await fetch(`${page.base}api/kernels/${kernel}`, { credentials: "same-origin", cache: "no-store" });
    if (answer.status === 404) return "gone";
    return answer.ok ? "here" : "unknown";
  } catch (error) {
    if (error instanceof TypeError) return "unknown";
    throw error;
  }
}

/** While a kernel's line is cut, look whether the lesson is still there; join it again where the front end has given up. */
export function watchReturn(kernel) {
  const page = pageContext();
  if (page === null) return;
  let looking = false;

  async function look() {
    for (let tries = 0; ; tries += 1) {
      await pause(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
      if (kernel.isDisposed || kernel.connectionStatus === "connected") return;
      const found = await standing(page, kernel.id);
      if (found === "gone") {
        renew(page, t("Bài học vừa được cập nhật ở máy chủ. Những gì anh/chị đã làm vẫn còn."));
        return;
      }
      // A line that is still cut is no error: the next look tries again.
      if (found === "here" && kernel.connectionStatus === "disconnected") kernel.reconnect().catch(() => {});
    }
  }

  kernel.connectionStatusChanged.connect((_kernel, status) => {
    if (status === "connected" || looking) return;
    looking = true;
    look().finally(() => {
      looking = false;
    });
  });
}

/** Until all tools of the page are open; if they do not open, the page tries again by itself. */
export function watchOpening(page) {
  const lost = document.querySelector("[data-ix-lost]") !== null;
  let waiting = [...document.querySelectorAll(".ix-tool[aria-busy]")];
  let still = 0;
  let then = Date.now();
  const words = () => t("Phần thực hành chưa mở được hết. Những gì anh/chị đã làm vẫn còn.");
  if (lost) {
    // Many pages may have lost the same worker: not all come back in the same moment.
    setTimeout(() => renew(page, words()), 2000 + 6000 * Math.random());
    return;
  }

  async function look() {
    const now = Date.now();
    still += Math.min(now - then, 2 * LOOK_MS);
    then = now;
    const opened = waiting.filter((tool) => tool.querySelector(":scope > .lm-Widget > *") !== null);
    if (opened.length > 0 || document.visibilityState !== "visible") still = 0;
    for (const tool of opened) tool.removeAttribute("aria-busy");
    waiting = waiting.filter((tool) => !opened.includes(tool));
    if (waiting.length === 0) return;
    const failed = waiting.some((tool) => tool.querySelector(":scope > .lm-Widget.jupyter-widgets") !== null);
    if (still >= (failed ? FAILED_MS : STALL_MS)) {
      still = 0;
      const config = document.getElementById("jupyter-config-data");
      const kernel = config === null ? "" : JSON.parse(config.textContent).kernelId;
      if ((await standing(page, kernel)) !== "unknown") {
        renew(page, words());
        return;
      }
    }
    setTimeout(look, LOOK_MS);
  }

  setTimeout(look, LOOK_MS);
}

/** Whether this page may reload by itself once more; a page that fails each time is left to the person. */
function mayReload() {
  const now = Date.now();
  try {
    const before = JSON.parse(sessionStorage.getItem("isoxa.reloads") || "[]").filter((at) => now - at < MEMORY_MS);
    if (before.length >= MOST_RELOADS) return false;
    sessionStorage.setItem("isoxa.reloads", JSON.stringify([...before, now]));
    return true;
  } catch (error) {
    // No storage, or something else in it.
    return false;
  }
}

/** Everything typed is with the server, or will be found in this browser again. */
async function allKept(page) {
  const sent = openSession(page).then(async ({ queue }) => queue.pending().length === 0 || (await queue.flush()) || queue.store.durable);
  // A session that does not open has nothing that could be lost.
  return Promise.race([sent, pause(SENDING_MS).then(() => true)]);
}

async function atRest() {
  let touched = Date.now();
  const touch = () => {
    touched = Date.now();
  };
  for (const kind of ["input", "keydown", "pointerdown"]) document.addEventListener(kind, touch, { capture: true });
  while (Date.now() - touched < AT_REST_MS) await pause(250);
}

let renewing = false;

async function renew(page, words) {
  if (renewing) return;
  renewing = true;
  const may = mayReload();
  const again = h("button", { type: "button", class: "ix-w-button ix-w-button-small", onclick: () => location.reload() }, t("Tải lại trang"));
  const next = may ? t("Trang sẽ tự tải lại.") : t("Xin tải lại trang; nếu vẫn vậy, xin thử lại sau ít phút.");
  const text = h("p", {}, `${words} ${next}`);
  document.body.append(h("div", { class: "ix-w ix-w-banner", role: "status" }, text, again));
  if (!may) return;
  await atRest();
  if (await allKept(page)) location.reload();
}

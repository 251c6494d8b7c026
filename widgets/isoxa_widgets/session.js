// The page's one session and one queue, opened once and shared by everything on the page.

import { Api, ApiError } from "./api.js";
import { loadLanguage } from "./i18n.js";
import { Queue } from "./queue.js";
import { relogin } from "./relogin.js";

let opening = null;
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000];

/**
 * Who is signed in, asked until the server answers: without an account's key nothing could be kept for the right person.
 * Resolves to {api, queue}. `page` is the page context; it sets the language first.
 */
export function openSession(page) {
  if (opening === null) opening = open(page);
  return opening;
}

async function open(page) {
  const api = new Api(page.base);
  if (page.language && page.language !== "vi") await loadLanguage(page.language);
  for (let tries = 0; api.owner === null; tries += 1) {
    try {
      await api.refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, pause));
      continue;
    }
    if (api.session.account === null) await relogin(api);
    else api.lastUsername = api.session.account.username;
  }
  return { api, queue: new Queue(api) };
}

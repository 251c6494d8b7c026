// Fills in what a notebook's page cannot carry, since it is the same for everyone: who is here, the way out, and, in a
// lesson, how far they are.

import { start } from "./lesson_page.js";

const api = await start();
const logout = document.querySelector("form[data-ix-logout]");
if (logout !== null && api?.session.account) {
  logout.elements._isoxa_xsrf.value = api.session.xsrf;
  logout.hidden = false;
  // Logged in again in place, by this person or another: the token of before is no longer good.
  logout.addEventListener("submit", () => (logout.elements._isoxa_xsrf.value = api.session?.xsrf ?? ""), { capture: true });
}

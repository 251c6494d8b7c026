// Fills in what a notebook's page cannot carry, since it is the same for everyone: who is here, the way out, and, in a
// lesson, how far they are.

import { start } from "./lesson_page.js";

const api = await start();
const logout = document.querySelector("form[data-ix-logout]");
if (logout !== null && api?.session.account) {
  const token = Object.assign(document.createElement("input"), { type: "hidden", name: "_isoxa_xsrf" });
  logout.prepend(token);
  // The session may change while the page stands: somebody may log in again in place.
  const fill = () => (token.value = api.session?.xsrf ?? "");
  fill();
  logout.addEventListener("submit", fill, { capture: true });
  logout.hidden = false;
}

// Fills in what a lesson's page cannot carry, since it is the same for everyone: who is here and how far they are.

import { watchKernel } from "./lesson_page.js";
import { openSession } from "./session.js";
import { openTransport } from "./transport.js";

const page = JSON.parse(document.getElementById("isoxa-page").textContent);

function showProgress(place, { done, total }) {
  if (!total) return;
  const words = page.words.progress.replace("{done}", done).replace("{total}", total);
  const line = document.createElement("span");
  if (place.dataset.place === undefined) place.dataset.place = place.textContent;
  line.textContent = [place.dataset.place, words].filter(Boolean).join(" · ");
  const bar = document.createElement("progress");
  bar.max = total;
  bar.value = done;
  bar.setAttribute("aria-hidden", "true");
  place.replaceChildren(line, bar);
}

async function start() {
  if (page.lesson) watchKernel();
  const who = document.querySelector("[data-ix-who]");
  const { api } = await openSession(page);
  if (who !== null && api.session.account !== null) who.textContent = api.session.account.display_name;
  const place = document.querySelector("[data-ix-progress]");
  if (place === null || !page.lesson) return;
  const transport = await openTransport(null);
  transport.onProgress((lesson) => showProgress(place, lesson));
  showProgress(place, await transport.progress());
}

start();

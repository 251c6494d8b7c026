// What the pages do with JavaScript that they can do without: put the reader where the error is, and warn, before
// logging out, of answers this browser has not been able to send.

const QUEUE = "isoxa.queue.";

function holdsSomething(text) {
  try {
    const kept = JSON.parse(text);
    if (Array.isArray(kept)) return kept.length > 0;
    if (kept && typeof kept === "object") return Object.keys(kept).length > 0;
    return Boolean(kept);
  } catch {
    return text !== "";
  }
}

/** Whether this browser keeps answers that the server has not acknowledged; `account`: those of one account's key. */
export function hasUnsent(account = "", storage = globalThis.localStorage) {
  const beginning = account ? `${QUEUE}${account}.` : QUEUE;
  try {
    for (let index = 0; index < storage.length; index += 1) {
      const key = storage.key(index);
      if (key.startsWith(beginning) && holdsSomething(storage.getItem(key))) return true;
    }
  } catch {
    // Storage is forbidden in this browser: then nothing is kept there either.
  }
  return false;
}

/** The same for whoever is signed in: on a shared PC others may have left answers too. Offline it counts them all. */
async function hasUnsentOfMine() {
  if (!hasUnsent()) return false;
  try {
    const page = JSON.parse(document.getElementById("isoxa-page").textContent);
    const answer = await fetch(`${page.base}api/session`, { credentials: "same-origin" });
    return hasUnsent((await answer.json()).account?.key);
  } catch {
    return true;
  }
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function askBeforeLeaving(form) {
  const words = form.dataset;
  const stay = element("button", { type: "button", className: "ix-button", textContent: words.ixStay });
  const leave = element("button", {
    type: "button",
    className: "ix-button ix-button-second",
    textContent: words.ixLeave,
  });
  const title = element("h2", { id: "ix-unsent-title", textContent: words.ixTitle });
  const dialog = element(
    "dialog",
    { className: "ix-dialog" },
    title,
    element("p", { textContent: words.ixUnsent }),
    element("div", { className: "ix-row" }, stay, leave),
  );
  dialog.setAttribute("aria-labelledby", title.id);
  stay.addEventListener("click", () => dialog.close());
  leave.addEventListener("click", () => form.submit());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

for (const form of document.querySelectorAll("form[data-ix-logout]")) {
  form.addEventListener("submit", (event) => {
    if (!hasUnsent()) return;
    event.preventDefault();
    hasUnsentOfMine().then((mine) => (mine ? askBeforeLeaving(form) : form.submit()));
  });
}

document.querySelector("[data-ix-focus]")?.focus();

for (const link of document.querySelectorAll(".ix-errors a")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  });
}

// Lists with a box a row: one box for all of them, and how many are ticked.
for (const form of document.querySelectorAll("form[data-ix-many]")) {
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const all = form.querySelector("[data-ix-all]");
  const count = form.querySelector("[data-ix-count]");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = ticked ? count.dataset.ixWords.replace("{count}", ticked) : "";
    if (all) {
      all.firstElementChild.checked = ticked > 0 && ticked === boxes.length;
      all.firstElementChild.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  if (all) {
    all.hidden = boxes.length === 0;
    all.firstElementChild.addEventListener("change", (event) => {
      for (const box of boxes) box.checked = event.target.checked;
      show();
    });
  }
  form.addEventListener("change", show);
  show();
}

for (const button of document.querySelectorAll("[data-ix-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A file dropped anywhere on its form's area is chosen; long work says that it has begun.
for (const form of document.querySelectorAll("form[data-ix-drop]")) {
  const area = form.querySelector(".ix-drop");
  const input = form.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("ix-drop-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    area.addEventListener(name, () => area.classList.remove("ix-drop-over"));
  }
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
  });
}

for (const form of document.querySelectorAll("form[data-ix-busy]")) {
  form.addEventListener("submit", () => {
    const status = form.querySelector("[data-ix-status]");
    if (status) status.textContent = form.dataset.ixBusy;
  });
}

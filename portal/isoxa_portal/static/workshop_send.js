// "Gửi về cổng": the result file, signed with the code that was typed, is asked for here and sent to the organiser's
// portal, the one other host that these pages may ask. Nothing is lost when that fails: the file can be taken home.

const PATIENCE_MS = 60_000;
const MOST_TRIES = 4;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** What an answer says in words, if it says any. */
async function said(answer) {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

const formBody = (form) => new URLSearchParams(new FormData(form));

/** The file's text, or an error whose message can be shown. */
async function signedFile(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: formBody(form),
    credentials: "same-origin",
    redirect: "error",
  });
  if (answer.ok) return answer.text();
  const error = new Error((await said(answer))?.error?.message ?? "");
  error.shown = true;
  throw error;
}

/** Send it; a portal that is busy says for how long. */
async function send(address, report, onWait) {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(address, {
      method: "POST",
      mode: "cors",
      credentials: "omit",
      redirect: "error",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(report),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const told = await said(answer);
    if (answer.ok && told?.receipt) return told.receipt;
    const wait = told?.wait_seconds ?? (answer.status === 503 ? 5 : 0);
    if (wait > 0 && wait <= 60 && tries < MOST_TRIES) {
      onWait(wait);
      await pause(wait * 1000);
      continue;
    }
    const error = new Error(told?.error?.message ?? "");
    error.shown = Boolean(told?.error?.message);
    throw error;
  }
}

function begin(form) {
  const words = form.dataset;
  const status = form.querySelector("[data-ix-status]");
  const failed = form.querySelector("[data-ix-failed]");
  const receipt = form.querySelector("[data-ix-receipt]");
  const button = form.querySelector("button");
  const field = form.querySelector("[name=class_code]");
  const host = new URL(words.ixSend).host;
  let link = "";

  const show = (box) => {
    status.textContent = "";
    box.hidden = false;
    box.focus();
  };
  const fail = (message) => {
    form.querySelector("[data-ix-why]").textContent = message;
    show(failed);
  };
  const receive = (given, text) => {
    for (const place of receipt.querySelectorAll("[data-ix-of]")) place.textContent = given[place.dataset.ixOf] ?? "";
    if (link) URL.revokeObjectURL(link);
    link = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const file = Object.assign(document.createElement("a"), { href: link, textContent: words.ixFile });
    file.download = `ket-qua-${String(given.sha256).slice(0, 8)}.isoxa.json`;
    receipt.querySelector("[data-ix-keep]").replaceChildren(file);
    show(receipt);
  };

  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    receipt.hidden = true;
    button.disabled = true;
    status.textContent = words.ixSending;
    try {
      const text = await signedFile(form);
      const report = { kind: "result", code: field.value, file: text, language: document.documentElement.lang };
      const onWait = (seconds) => (status.textContent = words.ixAgain.replace("{seconds}", seconds));
      const given = await send(words.ixSend, report, onWait);
      // The code is right: from now on it is this participant's, for the file and for the class's screen.
      await fetch(words.ixCode, { method: "POST", body: formBody(form), credentials: "same-origin" }).catch(() => null);
      receive(given, text);
    } catch (error) {
      if (error.shown && error.message) fail(`${error.message} ${words.ixNothingLost}`);
      else fail(words.ixUnreached.replace("{host}", host));
    } finally {
      button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll("form[data-ix-send]")) begin(form);

// In a hall whose settings name the organiser's portal: tell its screen where this participant is, without a name, and
// hear how far the room may go. This portal says what is to be told and where; nothing is told before the code on the
// wall was typed, nor while nobody looks at the page.

const { base } = JSON.parse(document.getElementById("isoxa-page").textContent);
const SECONDS = 15;
let token = "";
let told; // The pace as this portal knows it; undefined before it was heard.

async function own(heard) {
  if (!token) {
    const answer = await fetch(`${base}api/session`, { credentials: "same-origin" });
    token = (await answer.json()).xsrf;
  }
  const answer = await fetch(`${base}api/workshop/standing`, {
    method: "POST",
    credentials: "same-origin",
    redirect: "error",
    headers: { "Content-Type": "application/json", "X-Isoxa-Xsrf": token },
    body: JSON.stringify(heard === undefined ? {} : { heard }),
  });
  // Signed out, or somebody who did not come in by name: there is nothing to tell.
  if (!answer.ok) token = "";
  return answer.ok ? answer.json() : { report: null };
}

async function report() {
  const { report: what, to } = await own();
  if (!what) return SECONDS;
  const answer = await fetch(to, {
    method: "POST",
    mode: "cors",
    credentials: "omit",
    redirect: "error",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
  });
  const now = await answer.json();
  if (!answer.ok) return now.wait_seconds ?? 4 * SECONDS;
  const heard = JSON.stringify(now.open_steps);
  // Told each time while the room is led: what was heard holds for some minutes only.
  if (heard !== told || now.open_steps !== null) await own({ course: now.course, open_steps: now.open_steps });
  told = heard;
  return now.seconds;
}

async function keepReporting() {
  let seconds = SECONDS;
  try {
    if (!document.hidden) seconds = await report();
  } catch {
    // The line is gone: the work is here all the same, and it tries again.
  }
  setTimeout(keepReporting, Math.max(5, Number(seconds) || SECONDS) * 1000);
}

keepReporting();

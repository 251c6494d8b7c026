// The trainer's screen: the figures are asked for anew every few seconds, in place; where the pace was changed on another
// machine, the page is loaded again. Nothing is asked for while nobody looks.

const screen = document.querySelector("[data-ix-screen]");
const figures = screen?.querySelector("[data-ix-figures]");
const lost = screen?.querySelector("[data-ix-lost]");

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(screen.dataset.ixScreen, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    if (String(now.open_steps ?? "") !== screen.dataset.ixOpen) {
      location.reload();
      return;
    }
    figures.innerHTML = now.html;
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

if (figures) {
  const ask = async () => {
    await refresh();
    setTimeout(ask, Number(screen.dataset.ixSeconds) * 1000);
  };
  setTimeout(ask, Number(screen.dataset.ixSeconds) * 1000);
  document.addEventListener("visibilitychange", refresh);
}

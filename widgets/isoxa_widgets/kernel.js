// Asking the lesson's kernel. It may be gone, or its socket blocked by a proxy: then the officer is told calmly, once per
// question, and what was done is saved all the same (the server judges it too). A line that was cut (the laptop slept,
// the network changed) is joined again by the page itself, and the question is asked once more.

import { watchReturn } from "./lesson_return.js";

const PATIENCE_MS = 6000;

/** The event on `document` that tells the page whether the kernel answers: detail {lost}. */
export const KERNEL_EVENT = "isoxa:kernel";

function announce(lost) {
  document.dispatchEvent(new CustomEvent(KERNEL_EVENT, { detail: { lost } }));
}

// Kernels whose line is watched already: all widgets of a page share one.
const watched = new WeakSet();

function kernelOf(model) {
  return model.widget_manager?.kernel ?? null;
}

/** Join a cut line again. JupyterLab tries by itself for two minutes; a laptop sleeps longer. */
function rejoin(kernel) {
  if (kernel === null || kernel.isDisposed || kernel.connectionStatus !== "disconnected") return;
  // A line that is still cut is no error: the next question, or the next return to the page, tries again.
  kernel.reconnect().catch(() => {});
}

function watchLine(kernel) {
  if (kernel === null || watched.has(kernel)) return;
  watched.add(kernel);
  watchReturn(kernel);
  const back = () => {
    if (document.visibilityState === "visible") rejoin(kernel);
  };
  window.addEventListener("online", back);
  document.addEventListener("visibilitychange", back);
}

/**
 * `ask(content, {onReply, onSilence})`: sends {…content, id}; `onReply(message)` for the answer to the newest question,
 * however late; `onSilence()` if none came in time. `quiet`: nobody waits for this one, so its silence is not told to
 * the page. `close()` when the widget goes.
 */
export function openKernel(model) {
  let newest = 0;
  let waiting = null;
  let timer = null;

  function hear(message) {
    if (!waiting || !message || message.id !== newest) return;
    clearTimeout(timer);
    const { onReply } = waiting;
    waiting = null;
    announce(false);
    onReply(message);
  }

  model.on("msg:custom", hear);
  const kernel = kernelOf(model);
  watchLine(kernel);

  /** The line is there again: what was not answered is asked once more. */
  function again(_kernel, status) {
    if (status === "connected" && waiting) send(waiting.content);
  }
  kernel?.connectionStatusChanged.connect(again);

  function send(content) {
    try {
      model.send({ ...content, id: newest });
    } catch (error) {
      // A closed comm throws; it is the same silence, and the timer tells it.
      if (!(error instanceof Error)) throw error;
    }
  }

  return {
    ask(content, { onReply, onSilence, quiet = false }) {
      newest += 1;
      waiting = { onReply, content };
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!quiet) announce(true);
        onSilence();
        rejoin(kernel);
      }, PATIENCE_MS);
      send(content);
    },
    close() {
      clearTimeout(timer);
      model.off("msg:custom", hear);
      kernel?.connectionStatusChanged.disconnect(again);
    },
  };
}

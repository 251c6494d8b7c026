// Asking the lesson's kernel. It may be gone, or its socket blocked by a proxy: then the officer is told calmly, once per
// question, and what was done is saved all the same (the server judges it too).

const PATIENCE_MS = 6000;

/** The event on `document` that tells the page whether the kernel answers: detail {lost}. */
export const KERNEL_EVENT = "isoxa:kernel";

function announce(lost) {
  document.dispatchEvent(new CustomEvent(KERNEL_EVENT, { detail: { lost } }));
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
  return {
    ask(content, { onReply, onSilence, quiet = false }) {
      newest += 1;
      waiting = { onReply };
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!quiet) announce(true);
        onSilence();
      }, PATIENCE_MS);
      try {
        model.send({ ...content, id: newest });
      } catch (error) {
        // A closed comm throws; it is the same silence, and the timer tells it.
        if (!(error instanceof Error)) throw error;
      }
    },
    close() {
      clearTimeout(timer);
      model.off("msg:custom", hear);
    },
  };
}

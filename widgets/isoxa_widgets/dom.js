// Small helpers to build accessible HTML without a framework.
// Text always goes in as text nodes: what people and content files wrote is never parsed as HTML.

let counter = 0;

/** A fresh id for aria-labelledby and radio names. */
export function uid(prefix) {
  counter += 1;
  return `ix-${prefix}-${counter}`;
}

/**
 * Build an element: h("button", {class: "ix-w-button", onclick: f, "aria-pressed": "false"}, "Nộp bài").
 * `on…` functions become listeners; true/false/null set or drop an attribute; children are nodes, strings or lists.
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Plain text with blank lines becomes paragraphs. */
export function paragraphs(text) {
  return String(text || "")
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => h("p", {}, part));
}

/** Empty an element and put these children in. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  return node;
}

/** Show an element and move the focus to it; scrolls no further than needed. */
export function focusOn(node) {
  if (!node.hasAttribute("tabindex") && !/^(A|BUTTON|INPUT|SELECT|TEXTAREA)$/.test(node.tagName)) {
    node.setAttribute("tabindex", "-1");
  }
  node.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  node.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

/** Wait until calls stop for `ms`, then run once. `.now()` runs what waits at once; `.cancel()` forgets it. */
export function debounce(run, ms) {
  let timer = null;
  let waiting = null;
  const later = (...args) => {
    waiting = args;
    clearTimeout(timer);
    timer = setTimeout(later.now, ms);
  };
  later.now = () => {
    clearTimeout(timer);
    if (waiting === null) return;
    const args = waiting;
    waiting = null;
    run(...args);
  };
  later.cancel = () => {
    clearTimeout(timer);
    waiting = null;
  };
  return later;
}

/**
 * A native modal dialog. `actions` is [{id, label, main?}]; resolves to the id pressed, or null on Escape.
 * The browser keeps the focus inside and gives it back afterwards.
 */
export function askDialog({ title, body, actions }) {
  const heading = h("h2", { id: uid("dialog"), class: "ix-w-dialog-title" }, title);
  const dialog = h("dialog", { class: "ix-w ix-w-dialog", "aria-labelledby": heading.id });
  return new Promise((resolve) => {
    let chosen = null;
    const buttons = actions.map(({ id, label, main }) =>
      h(
        "button",
        {
          type: "button",
          class: main ? "ix-w-button ix-w-button-main" : "ix-w-button",
          onclick: () => {
            chosen = id;
            dialog.close();
          },
        },
        label,
      ),
    );
    dialog.append(heading, h("div", { class: "ix-w-dialog-body" }, body), h("div", { class: "ix-w-actions" }, buttons));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

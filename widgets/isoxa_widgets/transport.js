// Where a lesson's widgets keep what the officer does. One interface, two ways:
//   portal  the JSON API under the officer's own session, through the queue (nothing is lost when the line drops);
//   kernel  no portal (JupyterLab, Binder without one): the state lives in the widget's model, the notebook's own memory.
//
//   load(id)            -> Promise<{state, done}>      what is there now, with what has not been sent yet
//   save(id, state)     keep it, begin to send it
//   watch(id, f)        events of queue.js plus {type: "done", done, lesson}; returns a function that stops
//   progress()          -> Promise<{items, done, total, complete}>
//   peek(lesson, id)    -> Promise<state | null>      what the officer saved in another lesson of the course
//   documentUrl(id, kind, format)  where the portal gives a tool's document; documentStanding(url) -> Promise<word>: is there one
//   onProgress(f)       f({done, total, complete}) after each acknowledged save
//   queue               the queue, or null

import { ApiError, pageContext } from "./api.js";
import { openSession } from "./session.js";

class PortalTransport {
  constructor(page, { api, queue }) {
    this.kind = "portal";
    this.page = page;
    this.api = api;
    this.queue = queue;
    this.root = `api/courses/${encodeURIComponent(page.course)}/lessons/${encodeURIComponent(page.lesson)}`;
    this.listeners = new Set();
    this.state = null;
    this.done = new Map();
  }

  path(id) {
    return `${this.root}/items/${encodeURIComponent(id)}`;
  }

  // All widgets of the page share one request.
  fetchState() {
    if (this.state === null) {
      this.state = this.api.get(`${this.root}/state`).catch((error) => {
        this.state = null;
        throw error;
      });
    }
    return this.state;
  }

  async load(id) {
    let item = {};
    let reached = true;
    try {
      item = (await this.fetchState()).items[id] || {};
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      reached = false;
      if (error.status === 401) this.queue.report("signed-out");
    }
    const value = this.queue.merge(this.path(id), item.state === undefined ? null : item.state, item.seq || 0);
    return { state: value, done: Boolean(this.done.get(id) || item.done), reached };
  }

  save(id, state) {
    this.queue.put(this.path(id), "state", state);
  }

  watch(id, run) {
    return this.queue.watch(this.path(id), (event) => {
      if (event.type === "saved") {
        if (event.reply.done) this.done.set(id, true);
        this.announce(event.reply.lesson);
        run({ type: "done", done: Boolean(event.reply.done), lesson: event.reply.lesson });
      }
      run(event);
    });
  }

  announce(lesson) {
    if (!lesson) return;
    // What was read before the save is out of date.
    this.state = null;
    for (const listener of this.listeners) listener(lesson);
  }

  progress() {
    return this.fetchState();
  }

  async peek(lesson, id) {
    try {
      const { items } = await this.api.get(`api/courses/${encodeURIComponent(this.page.course)}/lessons/${encodeURIComponent(lesson)}/state`);
      return items[id] ? items[id].state : null;
    } catch (error) {
      // A lesson that is not of this course or not reached now: the officer types it here, as if nothing had been there.
      if (!(error instanceof ApiError)) throw error;
      return null;
    }
  }

  documentUrl(id, kind, format) {
    const { base, course, lesson } = this.page;
    const parts = [course, "bai", lesson, "tai-lieu", id, `${kind}.${format}`].map(encodeURIComponent);
    return `${base}khoa-hoc/${parts.join("/")}`;
  }

  /** "ready", "empty" (nothing written yet), "signed-out" or "unreachable". Nothing is downloaded. */
  async documentStanding(url) {
    let answer;
    try {
      answer = await fetch(url, { method: "HEAD", credentials: "same-origin", cache: "no-store" });
    } catch (error) {
      if (error instanceof TypeError) return "unreachable";
      throw error;
    }
    if (answer.status === 404) return "empty";
    // The login page answered instead.
    if (answer.redirected) return "signed-out";
    return answer.ok ? "ready" : "unreachable";
  }

  onProgress(run) {
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }
}

class KernelTransport {
  constructor(model) {
    this.kind = "kernel";
    this.model = model;
    this.queue = null;
  }

  async load() {
    const state = this.model.get("state");
    const empty = !state || Object.keys(state).length === 0;
    return { state: empty ? null : state, done: Boolean(this.model.get("done")), reached: true };
  }

  save(id, state) {
    this.model.set("state", state);
    this.model.save_changes();
  }

  watch(id, run) {
    const tell = () => run({ type: "done", done: Boolean(this.model.get("done")) });
    this.model.on("change:done", tell);
    return () => this.model.off("change:done", tell);
  }

  async progress() {
    return this.model.get("progress");
  }

  async peek() {
    return null;
  }

  onProgress(run) {
    const tell = () => run(this.model.get("progress"));
    this.model.on("change:progress", tell);
    return () => this.model.off("change:progress", tell);
  }
}

let portal = null;

/** The page's transport: shared by all widgets on a portal page, one per widget elsewhere. */
export function openTransport(model) {
  const page = pageContext();
  if (page === null || !page.lesson) return Promise.resolve(new KernelTransport(model));
  if (portal === null) portal = openSession(page).then((session) => new PortalTransport(page, session));
  return portal;
}

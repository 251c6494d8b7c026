// The writes on their way to the server. Each slot or item has at most one: the newest. It stays in storage until the
// server has acknowledged it, is retried with growing pauses, and is only ever sent under the account that made it.
//
// Sequence numbers stop two windows from overwriting each other unseen: a write carries (the newest number this window
// has seen) + 1, and the server refuses a number that is already taken, with the newer value. The idempotency key makes
// sending twice harmless. Windows of one browser share the storage, so they tell each other through a BroadcastChannel.

import { ApiError } from "./api.js";
import { Store } from "./storage.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
/** A write of another window is left to that window this long, unless the window does not answer the roll call. */
const ORPHAN_MS = 20000;
const ROLL_CALL_MS = 400;
/** Browsers cap what may leave a closing page at 64 KB in all. */
const LAST_WORDS_BYTES = 60000;

function tabId() {
  const fresh = () => Math.random().toString(36).slice(2);
  try {
    const known = sessionStorage.getItem("isoxa.tab") || fresh();
    sessionStorage.setItem("isoxa.tab", known);
    return known;
  } catch (error) {
    return fresh();
  }
}

function newKey() {
  // crypto.randomUUID exists only on https and localhost; communes reach the portal by plain http inside the network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Events to `watch(path, f)`: {type: "saved", reply} · {type: "stale", newer, mine} · {type: "refused", status, message} ·
 * {type: "elsewhere", value} (another window of this browser changed it).
 * States to `onStatus(f)`: "idle" "saving" "saved" "offline" "busy" "signed-out" "foreign".
 */
export class Queue {
  constructor(api, { store, channel } = {}) {
    this.api = api;
    this.store = store || new Store(api.owner, api.base);
    this.tab = tabId();
    this.seen = new Map();
    this.settled = new Map();
    this.watchers = new Map();
    this.statusWatchers = new Set();
    this.status = "idle";
    this.failures = 0;
    this.timer = null;
    this.everything = false;
    this.running = null;
    this.present = new Set();
    this.absent = new Set();
    this.channel = channel === undefined ? this.openChannel() : channel;
    this.onOnline = () => this.flush();
    this.onHide = () => this.lastWords();
    addEventListener("online", this.onOnline);
    addEventListener("pagehide", this.onHide);
    if (this.store.all().length > 0) this.rollCall();
  }

  // What an earlier visit could not send: its window may still be open and busy with it, or gone.
  rollCall() {
    this.shout({ kind: "roll call" });
    setTimeout(() => {
      for (const entry of this.store.all()) if (!this.present.has(entry.tab)) this.absent.add(entry.tab);
      this.flush();
    }, ROLL_CALL_MS);
  }

  close() {
    removeEventListener("online", this.onOnline);
    removeEventListener("pagehide", this.onHide);
    clearTimeout(this.timer);
    if (this.channel) this.channel.close();
  }

  openChannel() {
    if (typeof BroadcastChannel === "undefined") return null;
    const channel = new BroadcastChannel(`isoxa.queue.${this.api.owner}.${this.api.base}`);
    channel.onmessage = ({ data }) => this.hear(data);
    return channel;
  }

  hear(message) {
    if (message.tab === this.tab) return;
    this.present.add(message.tab);
    this.absent.delete(message.tab);
    if (message.kind === "roll call") {
      this.shout({ kind: "here" });
    } else if (message.kind === "queued") {
      this.saw(message.path, message.seq);
      this.tell(message.path, { type: "elsewhere", value: message.value });
    } else if (message.kind === "settled") {
      if (message.seq) this.saw(message.path, message.seq);
      if (message.owner === this.tab) this.tell(message.path, message.event);
      this.report();
    }
  }

  shout(message) {
    if (this.channel) this.channel.postMessage({ ...message, tab: this.tab });
  }

  watch(path, run) {
    this.watchers.set(path, run);
    return () => this.watchers.delete(path);
  }

  tell(path, event) {
    const run = this.watchers.get(path);
    if (run) run(event);
  }

  onStatus(run) {
    this.statusWatchers.add(run);
    run(this.status);
    return () => this.statusWatchers.delete(run);
  }

  report(next) {
    let status = next || this.status;
    const waiting = this.store.all().length > 0;
    if (!waiting && status !== "idle" && status !== "foreign") status = "saved";
    this.status = status;
    for (const run of this.statusWatchers) run(status);
  }

  /** The server (or another window) is at this sequence number. */
  saw(path, seq) {
    this.seen.set(path, Math.max(this.seen.get(path) || 0, seq || 0));
  }

  /**
   * Merge what the server holds with what has not left this PC yet; returns the value to show.
   * On a tie ours is shown: either it is the same write, or the server will refuse it and say so.
   */
  merge(path, serverValue, serverSeq) {
    this.saw(path, serverSeq);
    // What was read from the server may be older than what it has acknowledged since.
    const entry = this.store.get(path) || this.settled.get(path) || null;
    if (entry === null || entry.seq < (serverSeq || 0)) return serverValue;
    this.saw(path, entry.seq);
    return entry.value;
  }

  /** Keep a value for `path` and begin to send it. `field` is the name of the value in the body ("answer" or "state"). */
  put(path, field, value) {
    const seq = (this.seen.get(path) || 0) + 1;
    this.saw(path, seq);
    this.store.set(path, { path, field, value, seq, key: newKey(), tab: this.tab, at: Date.now() });
    this.shout({ kind: "queued", path, value, seq });
    this.report(["offline", "busy", "signed-out", "foreign"].includes(this.status) ? this.status : "saving");
    if (this.status !== "foreign") this.flush();
  }

  pending() {
    return this.store.all();
  }

  due() {
    const now = Date.now();
    const mine = ({ tab, at }) => this.everything || tab === this.tab || this.absent.has(tab) || now - at > ORPHAN_MS;
    return this.store.all().filter(mine);
  }

  /**
   * Send what is due; true when nothing of ours is left waiting. One run at a time.
   * `everything`: other windows' writes too, before a submission.
   */
  flush({ everything = false } = {}) {
    clearTimeout(this.timer);
    this.everything = this.everything || everything;
    if (this.running === null) {
      this.running = this.run().finally(() => {
        this.running = null;
        this.everything = false;
      });
    }
    return this.running;
  }

  async run() {
    for (;;) {
      const [entry] = this.due();
      if (entry === undefined) break;
      if (!(await this.sendOne(entry))) return false;
    }
    this.failures = 0;
    this.report("saved");
    // Writes of a window that was closed become ours after a while.
    if (this.store.all().length > 0) this.later(ORPHAN_MS);
    return true;
  }

  async sendOne(entry) {
    try {
      this.report(this.failures === 0 ? "saving" : this.status);
      const body = { [entry.field]: entry.value, seq: entry.seq, key: entry.key };
      const reply = await this.api.send("PUT", entry.path, body);
      this.failures = 0;
      this.saw(entry.path, reply.seq);
      this.settle(entry, { type: "saved", reply }, reply.seq);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.failed(entry, error);
    }
  }

  failed(entry, error) {
    if (error.status === 409 && error.body.newer) {
      const newer = error.body.newer;
      const value = newer[entry.field];
      const mine = (this.store.get(entry.path) || entry).value;
      this.seen.set(entry.path, newer.seq);
      this.settle(entry, { type: "stale", newer: value, mine }, newer.seq, true);
      return true;
    }
    if ([400, 404, 409, 413, 415, 422].includes(error.status) || error.code === "preview") {
      this.settle(entry, { type: "refused", status: error.status, code: error.code, message: error.message }, 0);
      return true;
    }
    if (error.code === "foreign") {
      this.report("foreign");
      return false;
    }
    if (error.status === 401) {
      this.report("signed-out");
      return false;
    }
    this.failures += 1;
    this.report([0, 502, 504].includes(error.status) ? "offline" : "busy");
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1));
    this.later(Math.max(error.retryAfter * 1000, pause * (0.5 + Math.random())));
    return false;
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), ms);
  }

  // The entry is dealt with, unless a newer one took its place while it was on the way.
  settle(entry, event, seq, whatever) {
    if (event.type === "saved") this.settled.set(entry.path, entry);
    const stored = this.store.get(entry.path);
    if (stored !== null && (whatever || stored.key === entry.key)) this.store.remove(entry.path);
    const current = stored === null || whatever || stored.key === entry.key;
    if (current || event.type === "saved") this.tell(entry.path, { ...event, current });
    this.shout({ kind: "settled", path: entry.path, seq, owner: entry.tab, event: { ...event, current } });
  }

  /** The page is going away: hand what waits to the browser, without waiting for answers. Storage keeps it anyway. */
  lastWords() {
    let room = LAST_WORDS_BYTES;
    for (const entry of this.due()) {
      const body = { [entry.field]: entry.value, seq: entry.seq, key: entry.key };
      room -= JSON.stringify(body).length * 3;
      if (room < 0) return;
      this.api.send("PUT", entry.path, body, { keepalive: true }).catch(() => undefined);
    }
  }
}

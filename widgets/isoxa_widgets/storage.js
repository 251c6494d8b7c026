// What has not been acknowledged, in localStorage: `isoxa.queue.ACCOUNTKEY.BASE/PATH` holds the newest write of one slot or item.
// Private windows and full disks refuse localStorage: then the entries live in memory and `durable` says so.

const ROOT = "isoxa.queue.";

/** One account's entries under one portal; nobody else's are ever read. */
export class Store {
  constructor(account, base, backend) {
    this.prefix = `${ROOT}${account}.${base}`;
    this.memory = new Map();
    this.durable = true;
    this.backend = backend === undefined ? browserStorage() : backend;
    if (this.backend === null) this.durable = false;
  }

  get(path) {
    if (this.memory.has(path)) return this.memory.get(path);
    return this.backend === null ? null : parse(this.read(this.prefix + path));
  }

  read(key) {
    try {
      return this.backend.getItem(key);
    } catch (error) {
      this.durable = false;
      return null;
    }
  }

  set(path, entry) {
    try {
      if (this.backend === null) throw new Error("no storage");
      this.backend.setItem(this.prefix + path, JSON.stringify(entry));
      this.memory.delete(path);
      this.durable = true;
    } catch (error) {
      this.durable = false;
      this.memory.set(path, entry);
    }
  }

  remove(path) {
    this.memory.delete(path);
    if (this.backend === null) return;
    try {
      this.backend.removeItem(this.prefix + path);
    } catch (error) {
      this.durable = false;
    }
  }

  /** All entries, oldest first. */
  all() {
    const found = new Map(this.memory);
    for (const key of this.keys()) {
      const path = key.slice(this.prefix.length);
      const entry = found.has(path) ? null : parse(this.read(key));
      if (entry !== null) found.set(path, entry);
    }
    return [...found.values()].sort((a, b) => a.at - b.at);
  }

  keys() {
    const keys = [];
    try {
      for (let i = 0; this.backend !== null && i < this.backend.length; i += 1) {
        const key = this.backend.key(i);
        if (key !== null && key.startsWith(this.prefix)) keys.push(key);
      }
    } catch (error) {
      this.durable = false;
    }
    return keys;
  }
}

function browserStorage() {
  try {
    const probe = `${ROOT}probe`;
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return localStorage;
  } catch (error) {
    return null;
  }
}

// Another program, or an older version of this one, may have left anything there.
function parse(text) {
  if (text === null) return null;
  try {
    const entry = JSON.parse(text);
    const whole = entry && typeof entry.path === "string" && typeof entry.field === "string";
    return whole && Number.isInteger(entry.seq) && typeof entry.key === "string" ? entry : null;
  } catch (error) {
    return null;
  }
}

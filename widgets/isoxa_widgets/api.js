// The portal's JSON API: one place that knows its address, its session and its errors.
// The session is asked for before the first change: the XSRF token and its header live there, never in a cached page.

/** The page's own description (#isoxa-page), or null where there is no portal (JupyterLab). */
export function pageContext() {
  const node = document.getElementById("isoxa-page");
  if (node === null) return null;
  try {
    const page = JSON.parse(node.textContent);
    return typeof page.base === "string" ? page : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What the API refused, or that it could not be reached (status 0). `body` is the parsed answer, if any. */
export class ApiError extends Error {
  constructor(status, body, retryAfter) {
    super(body && body.error && body.error.message ? body.error.message : `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.body = body || {};
    this.code = (this.body.error && this.body.error.code) || "";
    this.retryAfter = retryAfter || 0;
  }
}

/**
 * Talks for one account: the one signed in when the page was opened. `owner` is its opaque key.
 * The XSRF token is bound to the session: when someone else signs in at this PC, our token is refused (403), we look
 * again, and nothing of ours is sent in their name.
 */
export class Api {
  constructor(base) {
    this.base = base;
    this.session = null;
    this.owner = null;
  }

  url(path) {
    return this.base + path;
  }

  async fetchJson(method, path, body, { keepalive = false } = {}) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") {
      headers["Content-Type"] = "application/json";
      if (this.session) headers["X-Isoxa-Xsrf"] = this.session.xsrf;
    }
    let response;
    try {
      response = await fetch(this.url(path), {
        method,
        headers,
        keepalive,
        credentials: "same-origin",
        cache: "no-store",
        body: method === "GET" ? undefined : JSON.stringify(body === undefined ? {} : body),
      });
    } catch (error) {
      if (error instanceof TypeError) throw new ApiError(0, null);
      throw error;
    }
    let parsed;
    try {
      parsed = await response.json();
    } catch (error) {
      // A proxy's HTML page or a cut connection: as if the server had not been reached.
      throw new ApiError(response.ok ? 0 : response.status, null);
    }
    if (!response.ok) throw new ApiError(response.status, parsed, Number(response.headers.get("Retry-After")) || 0);
    return parsed;
  }

  /** Ask who is signed in. The first account seen owns this page. */
  async refresh() {
    const session = await this.fetchJson("GET", "api/session");
    this.session = session;
    if (this.owner === null && session.account) this.owner = session.account.key;
    return session;
  }

  /** True when the account signed in now is the one this page belongs to. */
  mine() {
    return Boolean(this.session && this.session.account && this.session.account.key === this.owner);
  }

  /** Another person is signed in at this PC: nothing of ours may be sent. */
  foreign() {
    return Boolean(this.session && this.session.account && this.owner && this.session.account.key !== this.owner);
  }

  get(path) {
    return this.fetchJson("GET", path);
  }

  /** Send a change under the owner's session only. Throws ApiError 401 when it has ended, code "foreign" when another's is open. */
  async send(method, path, body, options) {
    const lastWords = options && options.keepalive;
    if (!this.session && !lastWords) await this.refresh();
    if (this.foreign()) throw new ApiError(403, { error: { code: "foreign" } });
    if (!this.session || !this.session.account) throw new ApiError(401, null);
    try {
      return await this.fetchJson(method, path, body, options);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) this.session = { ...this.session, account: null };
      if (error.status !== 403 || lastWords) throw error;
      // The token belongs to a session that was replaced: look again, try once more if it is still ours.
      await this.refresh();
      if (this.foreign()) throw new ApiError(403, { error: { code: "foreign" } });
      if (!this.mine()) throw new ApiError(401, null);
      return this.fetchJson(method, path, body, options);
    }
  }

  async login(username, password) {
    // The token we hold died with the sign-in it was bound to.
    await this.refresh();
    const session = await this.fetchJson("POST", "api/login", { username, password });
    this.session = session;
    if (this.owner === null && session.account) this.owner = session.account.key;
    return session;
  }
}

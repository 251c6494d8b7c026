// The causes as data: a flat list, each naming the one it explains ("" for the problem), read the way the server reads it
// (isoxa_courses.cause_forest): what leads nowhere or round in a circle becomes a beginning.

const MOST = 60;

/** A tidy copy of whatever was saved: [{id, parent, text}]. */
export function readCauses(raw) {
  const causes = new Map();
  for (const one of Array.isArray(raw) ? raw : []) {
    if (one === null || typeof one !== "object" || typeof one.id !== "string" || one.id === "") continue;
    if (causes.has(one.id) || causes.size >= MOST) continue;
    causes.set(one.id, { id: one.id, parent: typeof one.parent === "string" ? one.parent : "", text: typeof one.text === "string" ? one.text : "" });
  }
  for (const cause of causes.values()) {
    if (!causes.has(cause.parent) || leadsTo(causes, cause.parent, cause.id)) cause.parent = "";
  }
  return [...causes.values()];
}

function leadsTo(causes, start, goal) {
  const seen = new Set();
  for (let at = start; causes.has(at) && !seen.has(at); at = causes.get(at).parent) {
    if (at === goal) return true;
    seen.add(at);
  }
  return false;
}

export function childrenOf(causes, id) {
  return causes.filter((cause) => cause.parent === id);
}

/** A cause and all that explains it. */
export function branchOf(causes, id) {
  return [id, ...childrenOf(causes, id).flatMap((child) => branchOf(causes, child.id))];
}

/** "1", "1.1", "1.2", "2" by id. */
export function numbersOf(causes) {
  const numbers = new Map();
  const go = (parent, before) =>
    childrenOf(causes, parent).forEach((cause, index) => {
      numbers.set(cause.id, `${before}${index + 1}`);
      go(cause.id, `${before}${index + 1}.`);
    });
  go("", "");
  return numbers;
}

export function freshCauseId(causes) {
  const taken = new Set(causes.map((cause) => cause.id));
  for (let next = causes.length + 1; ; next += 1) if (!taken.has(`c${next}`)) return `c${next}`;
}

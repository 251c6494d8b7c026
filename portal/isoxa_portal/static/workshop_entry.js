// The field for one's commune as a combobox: 3,321 names, asked for once, looked through here without regard to case
// or diacritics. Without it the field is a plain one, and the server finds what was meant.

const MOST = 8;

const fold = (text) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/đ/g, "d")
    .replace(/Đ/g, "D")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

/** All communes with what they are looked for by. */
export function readUnits(answer) {
  return answer.provinces.flatMap((province) =>
    province.units.map(([id, name]) => {
      const label = `${name}, ${province.name}`;
      return { id, label, name: fold(name), short: fold(name).replace(/^(xa|phuong|dac khu) /, ""), key: fold(label) };
    }),
  );
}

/** Those in which every word that was typed begins a word; a name that begins so comes first. */
export function findUnits(units, typed, most = MOST) {
  const words = fold(typed).split(" ").filter(Boolean);
  if (words.length === 0) return { count: 0, found: [] };
  const whole = words.join(" ");
  const rank = (unit) =>
    unit.short === whole || unit.name === whole ? 0 : unit.short.startsWith(whole) || unit.name.startsWith(whole) ? 1 : 2;
  const fits = units.filter((unit) => words.every((word) => ` ${unit.key}`.includes(` ${word}`)));
  const sorted = fits.map((unit) => [rank(unit), unit]).sort((one, other) => one[0] - other[0]);
  return { count: fits.length, found: sorted.slice(0, most).map(([, unit]) => unit) };
}

function begin(box) {
  const input = box.querySelector("#unit");
  const hidden = box.querySelector("input[name=unit_id]");
  const list = document.createElement("ul");
  const status = document.createElement("span");
  Object.assign(list, { id: "unit-list", className: "ix-options", hidden: true });
  Object.assign(status, { className: "ix-hidden" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.ixList);
  status.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const place = document.createElement("div");
  place.className = "ix-options-place";
  input.before(place);
  place.append(input, list);
  box.append(status);

  let units = null;
  let shown = [];
  let at = -1;

  const load = async () => {
    if (units) return;
    units = [];
    try {
      const answer = await fetch(box.dataset.ixUnits, { credentials: "same-origin" });
      if (answer.ok) units = readUnits(await answer.json());
      if (document.activeElement === input && input.value) offer();
    } catch {
      units = null; // No line just now: the server looks, once the form is sent.
    }
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const choose = (unit) => {
    input.value = unit.label;
    hidden.value = unit.id;
    status.textContent = unit.label;
    close();
  };
  const offer = () => {
    const { count, found } = findUnits(units ?? [], input.value);
    shown = found;
    list.replaceChildren(
      ...found.map((unit, index) => {
        const option = Object.assign(document.createElement("li"), { id: `unit-${index}-option`, textContent: unit.label });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        // Before the field loses the focus.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(unit);
        });
        return option;
      }),
    );
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark(-1);
    if (!units || units.length === 0 || !fold(input.value)) status.textContent = "";
    else status.textContent = count ? box.dataset.ixFound.replace("{count}", count) : box.dataset.ixNone;
  };

  input.addEventListener("focus", load);
  input.addEventListener("input", () => {
    hidden.value = "";
    load();
    offer();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(shown[at]);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && shown.length > 0) {
      event.preventDefault();
      if (list.hidden) offer();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(at < 0 && step < 0 ? shown.length - 1 : (at + step + shown.length) % shown.length);
    }
  });
}

const box = globalThis.document?.querySelector("[data-ix-units]");
if (box) begin(box);

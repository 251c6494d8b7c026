// The day that was chosen, in words under its field: browsers write a date the way their own language does, and 04/01/2027
// is the fourth of January here and the first of April in an English one.
//
//   dayNote(input) -> node   follows what is typed, and what is put in by the program if that says so: `filled(input)`

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { dayNumber } from "./plan_days.js";

const FILLED = "ix-filled";

export function dayNote(input) {
  const note = h("p", { class: "ix-w-hint ix-w-day", id: `${input.id}-day` });
  input.setAttribute("aria-describedby", `${note.id} ${input.getAttribute("aria-describedby") || ""}`.trim());
  const tell = () => {
    note.textContent = words(input.value);
  };
  input.addEventListener("input", tell);
  input.addEventListener(FILLED, tell);
  tell();
  return note;
}

export function filled(input) {
  input.dispatchEvent(new Event(FILLED));
}

function words(iso) {
  if (dayNumber(iso) === null) return "";
  const [year, month, day] = iso.split("-").map(Number);
  return t("Ngày {day} tháng {month} năm {year}", { day, month, year });
}

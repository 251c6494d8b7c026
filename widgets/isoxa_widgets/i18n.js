// The words of the screen. Vietnamese is the source and stands in the code: t("Nộp bài").
// Another language is a catalogue from the Vietnamese text to its own; what it lacks stays Vietnamese.

let catalogue = {};
let language = "vi";

/** Fetch the catalogue of the page's language. Vietnamese needs none. */
export async function loadLanguage(name) {
  if (name === language) return;
  if (name === "en") catalogue = (await import("./i18n/en.json")).default;
  else catalogue = {};
  language = name === "en" ? "en" : "vi";
}

/** The text in the page's language; {name} is replaced from `values`. Call with a literal: a test reads the calls. */
export function t(text, values) {
  const found = catalogue[text] || text;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
}

/** A number the way Vietnamese (or the page's language) writes it: 1.250 and 98,5. */
export function number(value) {
  return Number(value).toLocaleString(language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: 2 });
}

/** A moment as Vietnamese (or the page's language) writes it, in Vietnam's time: 21/11/2026 14:30. */
export function moment(iso) {
  const form = { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" };
  const part = Object.fromEntries(new Intl.DateTimeFormat("en-GB", form).formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${part.day}/${part.month}/${part.year} ${part.hour}:${part.minute}`;
}

// Days of a plan: "2027-03-31" as the state has it, and as Vietnamese write it. Counted in UTC, where every day is as long.

const DAY_MS = 86400000;

/** Days since 1970, or null if it is no day. A year of fewer than four digits is a year half typed. */
export function dayNumber(iso) {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(iso)) return null;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) ? null : time / DAY_MS;
}

/** "31/03/2027" of a day number. */
export function dayWords(day) {
  const [year, month, date] = new Date(day * DAY_MS).toISOString().slice(0, 10).split("-");
  return `${date}/${month}/${year}`;
}

/** The first days of months from one day to another, both included: [{day, month, year}]. */
export function monthsBetween(first, last) {
  const months = [];
  const start = new Date(first * DAY_MS);
  let year = start.getUTCFullYear();
  let month = start.getUTCMonth();
  for (;;) {
    const day = Date.UTC(year, month, 1) / DAY_MS;
    if (day > last) return months;
    if (day >= first) months.push({ day, month: month + 1, year });
    month += 1;
    if (month === 12) {
      month = 0;
      year += 1;
    }
  }
}

// @ts-check

/** A month or a year; `month` from 0, null for a year. @typedef {{ year: number, month: number | null }} Period */

/** @returns {Period}  This month without one. */
export function periodInAddress() {
  const text = new URL(location.href).searchParams.get('period') ?? '';
  const found = /^(\d{4})(?:-(\d{2}))?$/.exec(text);
  const now = new Date();
  if (!found || Number(found[1]) < 2001 || Number(found[2] ?? 1) > 12) return { year: now.getFullYear(), month: now.getMonth() };
  return { year: Number(found[1]), month: found[2] ? Number(found[2]) - 1 : null };
}

/** @param {Period} period */
export function putPeriodInAddress({ year, month }) {
  const url = new URL(location.href);
  url.searchParams.set('period', month === null ? String(year) : dayText(year, month, 1).slice(0, 7));
  history.replaceState(history.state, '', url);
}

/** First day, and the day after the last one. @param {Period} period */
export function daysOf({ year, month }) {
  return month === null ? { from: dayText(year, 0, 1), to: dayText(year + 1, 0, 1) } : { from: dayText(year, month, 1), to: dayText(year, month + 1, 1) };
}

/**
 * @param {Period} period
 * @param {number} steps
 * @returns {Period}
 */
export function moved({ year, month }, steps) {
  if (month === null) return { year: year + steps, month };
  const date = new Date(year, month + steps, 1);
  return { year: date.getFullYear(), month: date.getMonth() };
}

/**
 * ISO date; months and days beyond the calendar count on.
 * @param {number} year
 * @param {number} month  From 0.
 * @param {number} day
 */
export function dayText(year, month, day) {
  const date = new Date(Date.UTC(year, month, day));
  return date.toISOString().slice(0, 10);
}

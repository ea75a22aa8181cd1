// @ts-check
// Calendar days: of 23 or 25 hours when the clocks change.

/**
 * The same time of day, some days before.
 * @param {number} at
 * @param {number} days
 */
export function daysBefore(at, days) {
  const date = new Date(at);
  return date.setDate(date.getDate() - days);
}

/** @param {number} at */
export function startOfDay(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

/**
 * True if two moments are on the same day.
 * @param {number} at
 * @param {number} other
 */
export function isSameDay(at, other) {
  return startOfDay(at) === startOfDay(other);
}

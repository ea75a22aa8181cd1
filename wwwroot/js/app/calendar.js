// @ts-check
// Days as people count them: of 23 or 25 hours in the nights that the clocks change.

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
 * Whether two moments are of the same day.
 * @param {number} at
 * @param {number} other
 */
export function isSameDay(at, other) {
  return startOfDay(at) === startOfDay(other);
}

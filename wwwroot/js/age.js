// @ts-check

const UNITS = /** @type {const} */ ([['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]]);

/**
 * "12 s ago", "2 h ago": the largest whole unit.
 * @param {number} milliseconds
 */
export function age(milliseconds) {
  for (const [unit, size] of UNITS) {
    if (milliseconds >= size) return `${Math.floor(milliseconds / size)} ${unit} ago`;
  }
  return 'just now';
}

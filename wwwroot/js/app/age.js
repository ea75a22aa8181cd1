// @ts-check
import { word } from './words.js';

const UNITS = /** @type {const} */ ([['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]]);

/**
 * Formats a duration: "12 s", "2 h", in the largest whole unit; less than a second is no age.
 * @param {number} milliseconds
 */
export function length(milliseconds) {
  for (const [unit, size] of UNITS) {
    if (milliseconds >= size) return word(`age.${unit}`, { count: Math.floor(milliseconds / size) });
  }
  return '';
}

/**
 * "12 s old"; Infinity: unknown.
 * @param {number} milliseconds
 */
export function oldText(milliseconds) {
  return milliseconds === Infinity ? word('age.unknown') : word('level.old', { age: length(milliseconds) });
}

/**
 * "12 s ago", "just now".
 * @param {number} milliseconds
 */
export function age(milliseconds) {
  const text = length(milliseconds);
  return text === '' ? word('age.now') : word('age.ago', { age: text });
}

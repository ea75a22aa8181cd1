// @ts-check
import { roundUp } from '../app/scales.js';
import { converted, convertedDifference } from '../app/units.js';
import { locale } from '../app/words.js';

const AXIS = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: 'min2' });
const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Positions of the labels of a value axis: round numbers in the unit that is shown, as miles or degrees Fahrenheit. All conversions are linear.
 * @param {string} unit  Of the server, as `min`, `max`, `step` and the result.
 * @param {number} min
 * @param {number} max
 * @param {number} step  Smallest distance that leaves room for the labels.
 * @param {number} [size]  Of the largest value that is shown: it decides on the unit.
 * @returns {number[]}
 */
export function valueTicks(unit, min, max, step, size = 0) {
  const offset = converted(unit, 0, size);
  const factor = convertedDifference(unit, 1, size);
  const shown = roundUp(step * factor, STEPS);
  const first = Math.ceil((min * factor + offset) / shown - 1e-9);
  const last = Math.floor((max * factor + offset) / shown + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ((first + i) * shown - offset) / factor);
}

/**
 * A value as an axis writes it.
 * @param {string} unit  Of the server.
 * @param {number} value
 * @param {number} [size]  As above.
 */
export function axisValue(unit, value, size = 0) {
  const number = converted(unit, value, size);
  return AXIS.format(Number(number.toFixed(number === value ? 2 : Math.abs(number) < 10 ? 1 : 0)));
}

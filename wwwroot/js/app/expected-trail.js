// @ts-check
import { isKnown } from './columns.js';

/**
 * An expected line with its limits, over time in seconds. Null: there is none.
 * @typedef {{ time: number[], value: (number | null)[], low: (number | null)[], high: (number | null)[] }} Expected
 */

/** Which signal's chart a forecast is drawn behind. */
const CHARTS = /** @type {const} */ ({ coolant_expected: 'coolant_temperature', charge_voltage: 'control_module_voltage' });

const LENGTH = 600;

/**
 * Adds what a message expects.
 * @param {Record<string, Expected>} trail  By signal.
 * @param {Record<string, import('./forecasts.js').Forecast>} data
 * @param {number} at  Seconds.
 */
export function notePoint(trail, data, at) {
  for (const [name, signal] of Object.entries(CHARTS)) {
    const { value = null, low = null, high = null } = data[name] ?? {};
    const { time, ...columns } = trail[signal] ?? { time: [], value: [], low: [], high: [] };
    // Replaced, as the charts compare.
    trail[signal] = {
      time: [...time, at].slice(-LENGTH),
      value: [...columns.value, value].slice(-LENGTH),
      low: [...columns.low, low].slice(-LENGTH),
      high: [...columns.high, high].slice(-LENGTH),
    };
  }
}

/**
 * Whether there are readings that something could be expected of.
 * @param {import('./columns.js').Columns['signals']} signals
 */
export function hasExpected(signals) {
  return Object.values(CHARTS).some((signal) => signals[signal]?.value.some(isKnown));
}

/**
 * The same from the server's answer for a range of the past.
 * @param {any} body
 * @returns {Record<string, Expected>}
 */
export function expectedOf({ time, forecasts }) {
  /** @type {Record<string, Expected>} */
  const found = {};
  for (const [name, signal] of Object.entries(CHARTS)) if (forecasts[name]) found[signal] = { time, ...forecasts[name] };
  return found;
}

// @ts-check
import { isKnown } from './columns.js';

/**
 * An expected line with its limits, over time in seconds. Null: there is none.
 * @typedef {{ time: number[], value: (number | null)[], low: (number | null)[], high: (number | null)[] }} Expected
 */

/** Which signal's chart a forecast is drawn behind. */
const CHARTS = /** @type {const} */ ({ coolant_expected: 'coolant_temperature', charge_voltage: 'control_module_voltage' });

const LENGTH = 600;

/** Seconds between two messages across which no line is drawn. */
const GAP = 5;

/**
 * Adds what a message expects.
 * @param {Record<string, Expected>} trail  By signal.
 * @param {Record<string, import('./forecasts.js').Forecast>} data
 * @param {number} at  Seconds.
 */
export function notePoint(trail, data, at) {
  for (const [name, signal] of Object.entries(CHARTS)) {
    const { value = null, low = null, high = null } = data[name] ?? {};
    const before = trail[signal] ?? { time: [], value: [], low: [], high: [] };
    const last = before.time.at(-1) ?? at;
    const known = at - last > GAP ? added(before, (last + at) / 2, { value: null, low: null, high: null }) : before;
    trail[signal] = added(known, at, { value, low, high });
  }
}

/**
 * Another trail, as the charts compare.
 * @param {Expected} expected
 * @param {number} at
 * @param {Record<'value' | 'low' | 'high', number | null>} point
 * @returns {Expected}
 */
function added({ time, value, low, high }, at, point) {
  return {
    time: [...time, at].slice(-LENGTH),
    value: [...value, point.value].slice(-LENGTH),
    low: [...low, point.low].slice(-LENGTH),
    high: [...high, point.high].slice(-LENGTH),
  };
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

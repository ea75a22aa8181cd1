// @ts-check
import { NOTHING, show, shownKeys } from './signals.js';
import { word } from './words.js';

/**
 * Data of the charts.
 * @typedef {import('./signals.js').SignalKey} SignalKey
 * @typedef {(number | null | undefined)[]} Column  null breaks the line; undefined does not: the signal only comes more seldom.
 * @typedef {{ value: Column, low: Column, high: Column }} Series
 *
 * @typedef {object} Columns
 * @property {number[]} time    Seconds.
 * @property {number} bucket    Seconds that each value sums up; 0 in the live view.
 * @property {Record<SignalKey, Series>} signals
 * @property {[number, number][]} silent  From–to, in seconds: nothing came from the vehicle.
 * @property {string} [none]  Why there are no points, for people; absent: as usual.
 * @property {[number, number]} [span]  What is shown, in seconds; absent: from the first point to the last.
 */

/**
 * @template T
 * @param {(key: SignalKey) => T} make
 * @param {readonly SignalKey[]} keys
 */
export function perSignal(make, keys = shownKeys()) {
  return /** @type {Record<SignalKey, T>} */ (Object.fromEntries(keys.map((key) => [key, make(key)])));
}

/** Of a signal that was not requested. @type {Series} */
export const NO_SERIES = { value: [], low: [], high: [] };

/** @type {Columns} */
export const NO_COLUMNS = { time: [], bucket: 0, signals: perSignal(() => NO_SERIES), silent: [] };

/** Until the store has answered. @type {Columns} */
export const UNKNOWN_COLUMNS = { ...NO_COLUMNS, bucket: Infinity };

/** @param {number | null | undefined} value  @returns {value is number} */
export function isKnown(value) {
  return value !== null && value !== undefined;
}

/** @param {Series} series  @returns {[number, number] | null} */
export function extentOf({ low, high }) {
  const lows = low.filter(isKnown);
  return lows.length > 0 ? [Math.min(...lows), Math.max(...high.filter(isKnown))] : null;
}

/**
 * Size of the largest value, which decides on the unit of them all.
 * @param {Series} series
 */
export function sizeOf(series) {
  return Math.max(0, ...(extentOf(series) ?? []).map(Math.abs));
}

/**
 * From the lowest to the highest value of a signal, or why there is none.
 * @param {SignalKey} key
 * @param {Columns} columns
 * @param {number | null} last  The last value that is known apart from the points.
 */
export function extentText(key, { signals, bucket }, last) {
  const extent = extentOf(signals[key] ?? NO_SERIES);
  if (!extent) return { 0: last === null ? word('last.none') : '', Infinity: NOTHING }[bucket] ?? word('chart.none');
  const size = sizeOf(signals[key]);
  const [low, high] = extent.map((value) => show(key, value, size));
  return low === high ? low : word('chart.extent', { low, high });
}

/**
 * The place of the newest value at or before `index`; in the middle of a gap, or before the first value, there is none.
 * @param {Column} column
 * @param {number} index
 */
export function valueAt(column, index) {
  let at = Math.min(index, column.length - 1);
  while (at > 0 && column[at] === undefined) at--;
  return at;
}

// @ts-check
import { ask, iso } from '../app/history.js';
import { utc } from '../app/message.js';
import { notePrecision, shownKeys } from '../app/signals.js';

/**
 * @typedef {{ min: number, p5: number, median: number, p95: number, max: number }} Spread  Of a signal's readings in a drive.
 *
 * @typedef {object} SpreadDrive  A drive of a chart. Times in milliseconds of the server's clock.
 * @property {number} start
 * @property {number} end
 * @property {number | null} distance  Kilometres.
 * @property {Record<import('../app/signals.js').SignalKey, Spread>} signals
 */

const HOUR = 3_600_000;
/** A day in which the clocks are set forward is a day, too. */
const SHORTEST = 23 * HOUR;
/** The server reads all readings of the drives. */
const LONGEST = 32 * 24 * HOUR;

/**
 * The drives of a long range. None where lines are easier to read: there is more time driven than parked.
 * @param {number} vehicleId
 * @param {import('../app/history.js').Span} span
 * @param {AbortSignal} cancelled
 * @returns {Promise<readonly SpreadDrive[]>}
 */
export async function fetchSpreads(vehicleId, { from, to }, cancelled) {
  if (to - from < SHORTEST || to - from > LONGEST) return [];
  const url = new URL('drives', document.baseURI);
  url.search = String(new URLSearchParams({ vehicle_id: String(vehicleId), from: iso(from), to: iso(to), signal: shownKeys().join() }));
  const drives = /** @type {SpreadDrive[]} */ ((await ask(url, cancelled)).map(driveOf));
  const driven = drives.reduce((sum, { start, end }) => sum + end - start, 0);
  return driven < (to - from) / 2 ? drives : [];
}

/** @param {any} raw */
function driveOf({ start, end, distance_km: distance, signals }) {
  for (const [key, { min, max }] of Object.entries(signals)) for (const value of [min, max]) notePrecision(key, value);
  return { start: utc(start), end: utc(end), distance, signals };
}

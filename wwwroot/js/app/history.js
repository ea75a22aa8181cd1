// @ts-check
import { perSignal } from './columns.js';
import { bridged, silences } from './gaps.js';
import { notePrecision, shownKeys } from './signals.js';
import { language, word } from './words.js';

/**
 * @typedef {import('./columns.js').Columns} Columns
 * @typedef {{ from: number, to: number }} Span  Milliseconds of the server's clock.
 *
 * @typedef {object} History  What the store holds, in buckets.
 * @property {number[]} time     Start of each bucket, in seconds.
 * @property {number} bucket     Seconds.
 * @property {Record<import('./signals.js').SignalKey, { min: (number | null)[], max: (number | null)[], avg: (number | null)[] }>} signals
 */

const GIVE_UP = 60_000;

/**
 * Asks the server. Errors have a message for users.
 * @param {number} vehicleId
 * @param {Span} span
 * @param {number} points
 * @param {AbortSignal} cancelled
 * @param {readonly string[]} keys  Of the signals, 20 at most.
 * @returns {Promise<History>}
 */
export async function fetchHistory(vehicleId, { from, to }, points, cancelled, keys = shownKeys()) {
  const url = new URL('telemetry/history', document.baseURI);
  url.search = String(new URLSearchParams({ vehicle_id: String(vehicleId), from: iso(from), to: iso(to), points: String(points), signal: keys.join() }));
  const body = await ask(url, cancelled);
  if (!Array.isArray(body?.time)) throw new Error(word('history.unreadable'));
  const none = body.time.map(() => null);
  for (const [key, { min }] of Object.entries(body.signals)) for (const value of min) if (value !== null) notePrecision(key, value);
  return {
    time: body.time,
    bucket: body.bucket_seconds,
    signals: Object.fromEntries(keys.map((key) => [key, body.signals[key] ?? { min: none, max: none, avg: none }])),
  };
}

/**
 * @param {History} history
 * @param {number} gap  Seconds of silence that break the line.
 * @param {number} now  Seconds: nothing can be known of a later time.
 * @returns {Columns}
 */
export function columnsOf({ time, bucket, signals }, gap, now) {
  const keys = Object.keys(signals);
  const means = keys.map((key) => signals[key].avg);
  const lines = bridged(means, gap / bucket);
  const like = (/** @type {(number | null)[]} */ column, /** @type {import('./columns.js').Column} */ line) =>
    column.map((value, i) => (line[i] === undefined ? undefined : value));
  return {
    time,
    bucket,
    signals: perSignal((key) => {
      const value = lines[keys.indexOf(key)];
      return { value, low: like(signals[key].min, value), high: like(signals[key].max, value) };
    }, keys),
    silent: silences(means, gap / bucket).map(([from, to]) => [time[from], Math.min(now, time[to] ?? time[to - 1] + bucket)]),
  };
}

/**
 * Asks the server. Errors have a message for users.
 * @param {URL} url
 * @param {AbortSignal} cancelled
 * @returns {Promise<any>}  Null where the answer cannot be read.
 */
export async function ask(url, cancelled) {
  const response = await answer(url, AbortSignal.any([cancelled, AbortSignal.timeout(GIVE_UP)]));
  const body = await response.json().catch(() => null);
  // The server explains itself in English.
  if (!response.ok) throw new Error((language === 'en' && body?.detail) || word('history.status', { status: response.status }));
  return body;
}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 */
async function answer(url, signal) {
  try {
    return await fetch(url, { cache: 'no-store', signal });
  } catch {
    throw new Error(word(signal.aborted ? 'history.slow' : 'history.unreachable'));
  }
}

/** @param {number} milliseconds */
export function iso(milliseconds) {
  return new Date(milliseconds).toISOString();
}

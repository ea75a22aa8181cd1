// @ts-check
import { notePrecision, shownKeys } from './signals.js';

/**
 * @typedef {import('./signals.js').SignalKey} SignalKey
 * @typedef {Record<SignalKey, number | null>} Data  The six always, null where never seen; others where the page asked for them.
 *
 * @typedef {object} Message
 * @property {number} vehicleId
 * @property {'running' | 'offline'} state
 * @property {Data} data
 * @property {number} timestamp  Milliseconds of the server's clock.
 */

/**
 * One live message, or null for anything that is not one. Never throws.
 * @param {unknown} text
 * @returns {Message | null}
 */
export function parse(text) {
  const raw = fromJson(text);
  if (raw?.type !== 'telemetry_update' || typeof raw.data !== 'object' || raw.data === null) return null;
  if (raw.state !== 'running' && raw.state !== 'offline') return null;
  const vehicleId = raw.data.vehicle_id;
  const timestamp = utc(raw.timestamp);
  if (!Number.isSafeInteger(vehicleId) || Number.isNaN(timestamp)) return null;
  /** @type {Data} */
  const data = Object.fromEntries(shownKeys().map((key) => [key, null]));
  for (const [key, value] of Object.entries(raw.data)) {
    if (key === 'vehicle_id' || !Number.isFinite(value)) continue;
    data[key] = /** @type {number} */ (value);
    notePrecision(key, /** @type {number} */ (value));
  }
  return { vehicleId, state: raw.state, data, timestamp };
}

/**
 * Whether a message says that the list of vehicles has changed.
 * @param {unknown} text
 */
export function isVehiclesChanged(text) {
  return typeof text === 'string' && text.includes('"vehicles_changed"');
}

/**
 * The server writes UTC without a zone and with six decimals; a Date takes three of them.
 * @param {unknown} text
 */
export function utc(text) {
  return typeof text === 'string' ? Date.parse(`${text.replace(/Z$/, '').slice(0, 23)}Z`) : NaN;
}

/**
 * @param {unknown} text
 * @returns {any}
 */
function fromJson(text) {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

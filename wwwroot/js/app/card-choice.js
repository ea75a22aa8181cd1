// @ts-check
import { keep, kept } from './kept.js';
import { CHARGE, ODOMETER, RANGE } from './signals.js';

/** @typedef {import('./signals.js').SignalKey} SignalKey */

const FIVE = ['vehicle_speed', 'rpm', 'coolant_temperature', 'control_module_voltage', 'engine_load'];
/** Charge, power, range, odometer, battery temperature. */
const ELECTRIC = [
  CHARGE, ['power', 'hv_w', 'hv_power', 'hv_av', 'battery_power'], RANGE, ODOMETER,
  ['batt_temp', 'hv_t_a', 'battery_temperature', 'hv_t_max', 'hv_t_min', 'hv_t_i'],
];
export const MAX_CARDS = 24;

/** @param {number} vehicleId */
const nameOf = (vehicleId) => `cards-${vehicleId}`;

/**
 * The cards pinned in this browser; null: none were.
 * @param {number} vehicleId
 * @returns {SignalKey[] | null}
 */
function pinnedCards(vehicleId) {
  return listIn(kept(nameOf(vehicleId)));
}

/**
 * @param {number} vehicleId
 * @param {readonly SignalKey[] | null} keys  Null: as the vehicle has it.
 */
export function pinCards(vehicleId, keys) {
  keep(nameOf(vehicleId), keys && JSON.stringify(keys));
}

/**
 * Keeps what all browsers show of the vehicle, so that the next visit opens with it.
 * @param {number} vehicleId
 * @param {Record<string, any>} raw  The vehicle, as the server lists it.
 */
export function keepDefaultCards(vehicleId, { cards, kind, color }) {
  keep(`default-${nameOf(vehicleId)}`, Array.isArray(cards) ? JSON.stringify(cards) : null);
  keep(`kind-${vehicleId}`, typeof kind === 'string' ? kind : null);
  keep(`color-${vehicleId}`, typeof color === 'string' ? color : null);
}

/**
 * The signals of the cards: pinned ones, the vehicle's own, or those that suit what it sends.
 * @param {number | null} vehicleId
 * @param {Readonly<Record<SignalKey, number | null>> | null} data
 * @returns {readonly SignalKey[]}
 */
export function cardsOf(vehicleId, data) {
  if (vehicleId === null) return FIVE;
  return pinnedCards(vehicleId) ?? listIn(kept(`default-${nameOf(vehicleId)}`)) ?? suitableCards(data, kept(`kind-${vehicleId}`));
}

/**
 * @param {Readonly<Record<SignalKey, number | null>> | null} data
 * @param {string | null} kind
 */
function suitableCards(data, kind) {
  const sent = Object.entries(data ?? {}).filter(([, value]) => value !== null).map(([key]) => key);
  if (sent.length === 0) return FIVE;
  const usual = FIVE.filter((key) => sent.includes(key));
  const isElectric = kind === 'electric' || (kind === null && !sent.includes('rpm') && ELECTRIC[0].some((key) => sent.includes(key)));
  const first = isElectric ? ELECTRIC.flatMap((names) => names.find((name) => sent.includes(name)) ?? []) : usual;
  return [...new Set([...first, ...usual, ...(usual.length === 0 ? sent : [])])].slice(0, FIVE.length);
}

/**
 * @param {string | null} text
 * @returns {SignalKey[] | null}
 */
function listIn(text) {
  try {
    const list = JSON.parse(text ?? 'null');
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string').slice(0, MAX_CARDS) : null;
  } catch {
    return null;
  }
}

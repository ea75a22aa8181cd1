// @ts-check
import { nameOf } from '../app/view.js';

/**
 * @typedef {import('../app/roster.js').Entry} Entry
 *
 * @typedef {object} Choice  Filter and order of the list.
 * @property {string} search  Part of a name, of a device or of the number.
 * @property {typeof STATES[number]} state
 * @property {typeof ORDERS[number]} order
 * @property {number} page    From 1.
 */

export const STATES = /** @type {const} */ (['all', 'running', 'offline', 'alerts']);
export const ORDERS = /** @type {const} */ (['number', 'name', 'heard']);

/** @type {Readonly<Choice>} */
export const NO_CHOICE = Object.freeze({ search: '', state: 'all', order: 'number', page: 1 });

/** Rows of a page: as many as the socket is asked about. */
export const ROWS = 50;

/** @type {Record<Choice['order'], (a: Entry, b: Entry) => number>} */
const COMPARE = {
  number: (a, b) => a.vehicleId - b.vehicleId,
  name: (a, b) => nameOf(a, a.vehicleId).localeCompare(nameOf(b, b.vehicleId), undefined, { numeric: true }) || a.vehicleId - b.vehicleId,
  heard: (a, b) => (b.lastSeen ?? -1) - (a.lastSeen ?? -1) || a.vehicleId - b.vehicleId,
};

/**
 * @param {readonly Entry[]} entries
 * @param {Choice} choice
 * @param {ReadonlySet<number>} alerted  Ids of the vehicles with open alerts.
 */
export function chosen(entries, { search, state, order }, alerted) {
  const wanted = search.trim().toLocaleLowerCase();
  return entries
    .filter((entry) => state === 'all' || (state === 'alerts' ? alerted.has(entry.vehicleId) : entry.state === state))
    .filter((entry) => wanted === '' || `${nameOf(entry, entry.vehicleId)}\n${entry.device}`.toLocaleLowerCase().includes(wanted))
    .sort(COMPARE[order]);
}

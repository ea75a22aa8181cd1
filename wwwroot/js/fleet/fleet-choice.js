// @ts-check
import { nameOf } from '../app/view.js';
import { locale } from '../app/words.js';
import { COLUMNS, valueIn } from './fleet-columns.js';

/**
 * @typedef {import('../app/roster.js').Entry} Entry
 *
 * @typedef {object} Choice  Filter and order of the list.
 * @property {string} search  Part of a name, of a device or of the number.
 * @property {typeof STATES[number]} state
 * @property {string} order       One of ORDERS.
 * @property {boolean} reversed   The other way round than at first.
 * @property {number} page    From 1.
 */

export const STATES = /** @type {const} */ (['all', 'running', 'offline', 'alerts']);
export const ORDERS = ['number', 'name', ...COLUMNS.map(({ id }) => id)];

/** @type {Readonly<Choice>} */
export const NO_CHOICE = Object.freeze({ search: '', state: 'all', order: 'number', reversed: false, page: 1 });

const WEIGHTS = { info: 1, warning: 2, critical: 3 };

/** Rows of a page: as many as the socket is asked about. */
export const ROWS = 50;

// Far faster than localeCompare, for thousands of names.
const NAMES = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });

/**
 * @param {readonly Entry[]} entries
 * @param {Choice} choice
 * @param {ReadonlyMap<number | null, readonly import('../app/alert.js').Alert[]>} alerted  Open alerts of the vehicles that have any, the worst first.
 */
export function chosen(entries, { search, state, order, reversed }, alerted) {
  const wanted = search.trim().toLocaleLowerCase();
  const found = entries
    .filter((entry) => state === 'all' || (state === 'alerts' ? alerted.has(entry.vehicleId) : entry.state === state))
    .filter((entry) => wanted === '' || `${nameOf(entry, entry.vehicleId)}\n${entry.device}`.toLocaleLowerCase().includes(wanted));
  const sign = isDescending(order, reversed) ? -1 : 1;
  return found
    .map((entry) => ({ entry, key: keyOf(entry, order, alerted) }))
    .sort((a, b) => compare(a.key, b.key, sign) || a.entry.vehicleId - b.entry.vehicleId)
    .map(({ entry }) => entry);
}

/**
 * @param {string} order
 * @param {boolean} reversed
 */
export function isDescending(order, reversed) {
  return (COLUMNS.find(({ id }) => id === order)?.isHighFirst ?? false) !== reversed;
}

/**
 * Null: there is nothing to sort by.
 * @param {Entry} entry
 * @param {string} order
 * @param {ReadonlyMap<number | null, readonly import('../app/alert.js').Alert[]>} alerted
 */
function keyOf(entry, order, alerted) {
  switch (order) {
    case 'number': return entry.vehicleId;
    case 'name': return nameOf(entry, entry.vehicleId);
    case 'state': return entry.state === 'running' ? 0 : 1;
    case 'alerts': {
      const [worst] = alerted.get(entry.vehicleId) ?? [];
      return worst ? WEIGHTS[worst.severity] : null;
    }
    case 'heard': return entry.lastSeen;
    default: {
      const column = COLUMNS.find(({ id }) => id === order);
      return column ? valueIn(column, entry.data).value : null;
    }
  }
}

/**
 * What is not known comes last, either way round.
 * @param {number | string | null} a
 * @param {number | string | null} b
 * @param {number} sign
 */
function compare(a, b, sign) {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return sign * (typeof a === 'string' ? NAMES.compare(a, String(b)) : a - Number(b));
}

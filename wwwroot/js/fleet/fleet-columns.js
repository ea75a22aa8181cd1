// @ts-check
import { keep, kept } from '../app/kept.js';
import { CHARGE, ODOMETER, RANGE, SIX_KEYS, describe, isSix, signalOf } from '../app/signals.js';
import { word } from '../app/words.js';

/**
 * A column of the list.
 * @typedef {object} Column
 * @property {string} id
 * @property {string} label
 * @property {readonly string[]} signals  Of which the first that the vehicle has sent is shown; none: another thing than a value.
 * @property {boolean} [isHighFirst]      Sorted at first with the highest, newest or worst at the top.
 */

/** The level in the tank, by the names that profiles of cars use. */
const FUEL = ['fuel_tank_level', 'fuel_level'];
const HIGH_FIRST = ['vehicle_speed', 'rpm', 'coolant_temperature', 'engine_load', 'fuel_rail_pressure'];
const NAME = 'fleet-columns';
const USUAL = ['state', 'alerts', 'vehicle_speed', 'level', 'odometer', 'control_module_voltage', 'heard'];
/** A vehicle without any would be a list of names. */
const ALWAYS = 'state';

for (const key of [...CHARGE, ...FUEL]) describe(key, '%');
for (const key of [...ODOMETER, ...RANGE]) describe(key, 'km');

/** @type {readonly Column[]} */
export const COLUMNS = [
  { id: 'state', label: word('fleet.state'), signals: [] },
  { id: 'alerts', label: word('page.alerts'), signals: [], isHighFirst: true },
  column('vehicle_speed'),
  { id: 'level', label: word('fleet.level'), signals: [...CHARGE, ...FUEL] },
  { id: 'range', label: word('fleet.range'), signals: RANGE },
  { id: 'odometer', label: word('fleet.odometer'), signals: ODOMETER, isHighFirst: true },
  ...SIX_KEYS.filter((key) => key !== 'vehicle_speed').map(column),
  { id: 'heard', label: word('fact.reading'), signals: [], isHighFirst: true },
];

/** @param {string} id  @returns {Column} */
function column(id) {
  return { id, label: signalOf(id).label, signals: [id], isHighFirst: HIGH_FIRST.includes(id) };
}

/** Of a level, whether it is of a tank. @param {string} signal */
export function isFuel(signal) {
  return FUEL.includes(signal);
}

/** The columns that this browser shows. */
export function shownColumns() {
  const ids = (kept(NAME) ?? USUAL.join(' ')).split(' ');
  return COLUMNS.filter(({ id }) => id === ALWAYS || ids.includes(id));
}

/** The columns that can be left out. */
export const CHOOSABLE = COLUMNS.filter(({ id }) => id !== ALWAYS);

/** @param {readonly string[]} ids */
export function keepColumns(ids) {
  keep(NAME, ids.length === USUAL.length && USUAL.every((id) => ids.includes(id)) ? null : ids.join(' '));
}

/**
 * Signals beyond the six that columns are of, as queries name them.
 * @param {readonly Column[]} columns
 */
export function othersOf(columns) {
  return columns.flatMap(({ signals }) => signals).filter((key) => !isSix(key));
}

/**
 * The value of a column, and the signal it is of.
 * @param {Column} of
 * @param {Readonly<Record<string, number | null>> | null} data
 */
export function valueIn({ signals }, data) {
  const key = signals.find((name) => (data?.[name] ?? null) !== null) ?? signals[0];
  return { key, value: data?.[key] ?? null };
}

// @ts-check
import { converted, convertedDifference, shownUnit } from './units.js';
import { hasWord, locale, word } from './words.js';

/**
 * @typedef {string} SignalKey  As messages and queries name it.
 *
 * @typedef {object} Signal
 * @property {string} label
 * @property {string} unit
 * @property {number} decimals  Dropped from 1000 on, where they are noise.
 * @property {number} slot      Widest usual value in characters; where a unit follows it, the number's place is kept this wide.
 * @property {number} span      Smallest height of the chart's scale, so that sensor noise does not look like a drive; 0: a tenth of the value.
 * @property {number} floor     The chart's scale never goes below it.
 * @property {boolean} [isFromZero]  The chart's scale begins at zero.
 */

/** The six signals of the live message: the one place for how each is named, counted and drawn. */
const SIX = /** @type {Readonly<Record<SignalKey, Signal>>} */ (Object.freeze({
  vehicle_speed: { label: word('signal.vehicle_speed'), unit: 'km/h', decimals: 1, slot: 5, span: 10, floor: 0, isFromZero: true },
  rpm: { label: word('signal.rpm'), unit: word('unit.rpm'), decimals: 0, slot: 4, span: 400, floor: 0 },
  coolant_temperature: { label: word('signal.coolant_temperature'), unit: '°C', decimals: 1, slot: 5, span: 5, floor: -Infinity },
  engine_load: { label: word('signal.engine_load'), unit: '%', decimals: 1, slot: 5, span: 10, floor: 0, isFromZero: true },
  control_module_voltage: { label: word('signal.control_module_voltage'), unit: 'V', decimals: 1, slot: 4, span: 1, floor: 0 },
  fuel_rail_pressure: { label: word('signal.fuel_rail_pressure'), unit: 'kPa', decimals: 1, slot: 6, span: 40, floor: 0 },
}));

/** Signals of many names, by those that profiles of cars use. */
export const CHARGE = ['soc', 'soc_d', 'state_of_charge', 'battery_level'];
export const RANGE = ['range', 'range_est', 'estimated_range'];
export const ODOMETER = ['odometer', 'odo', 'total_distance'];

/** Decimals that the source has sent, by signal. @type {Map<SignalKey, number>} */
const precisions = new Map();
const MAX_DECIMALS = 3;

/** Every other signal that has been asked about. @type {Map<SignalKey, Signal>} */
const others = new Map();

export const SIX_KEYS = Object.freeze(Object.keys(SIX));

/** @type {readonly SignalKey[]} */
let added = [];

/** What the page draws besides the six. */
export function addedKeys() {
  return added;
}

/** @param {readonly SignalKey[]} keys */
export function setAddedKeys(keys) {
  added = keys.filter((key) => !isSix(key));
}

/** What the page asks the store for, and draws. */
export function shownKeys() {
  return [...SIX_KEYS, ...added];
}

/** @param {SignalKey} key */
export function isSix(key) {
  return Object.hasOwn(SIX, key);
}

/**
 * @param {SignalKey} key
 * @returns {Signal}
 */
export function signalOf(key) {
  if (isSix(key)) return SIX[key];
  const signal = others.get(key) ?? { get label() { return nameOf(key); }, unit: '', decimals: 1, slot: 6, span: 0, floor: -Infinity };
  others.set(key, signal);
  return signal;
}

/**
 * The name of a signal from the catalogue, once that has come; otherwise its key in words.
 * @param {SignalKey} key
 */
function nameOf(key) {
  if (hasWord(`name.${key}`)) return word(/** @type {'name.soc'} */ (`name.${key}`));
  const [, stem, n] = /^(.*?_?)(\d+)$/.exec(key) ?? [];
  if (n && hasWord(`name.${stem}#`)) return word(/** @type {'name.hv_c_v_#'} */ (`name.${stem}#`), { n: Number(n) });
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

export const NOTHING = '—';

/**
 * What the server knows of a signal.
 * @param {SignalKey} key
 * @param {unknown} unit
 */
export function describe(key, unit) {
  if (!isSix(key) && typeof unit === 'string') signalOf(key).unit = unit;
  return key;
}

/**
 * The signal that an element names in one of its data attributes.
 * @param {string | undefined} key
 * @returns {SignalKey}
 */
export function signalKey(key) {
  if (key !== undefined && shownKeys().includes(key)) return key;
  throw new Error(`No such signal: ${key}`);
}

/**
 * Learns how precise the source of a signal is: pages show as many decimals, within reason, and no more.
 * @param {SignalKey} key
 * @param {number} value
 */
export function notePrecision(key, value) {
  const limit = isSix(key) ? SIX[key].decimals : MAX_DECIMALS;
  const known = precisions.get(key) ?? 0;
  if (known >= limit && precisions.has(key)) return;
  let decimals = known;
  while (decimals < limit && Math.abs(value - Number(value.toFixed(decimals))) > 1e-9) decimals++;
  precisions.set(key, decimals);
}

/**
 * The unit that the pages show a value in.
 * @param {SignalKey} key
 * @param {number | null} [size]  Of the value, or of the largest that is shown with it: 127,000 kPa are 127 MPa.
 */
export function unitOf(key, size) {
  return shownUnit(signalOf(key).unit, size ?? 0);
}

/**
 * The value as the pages show it: in this browser's unit, with the decimals that the source has and separators of thousands.
 * @param {SignalKey} key
 * @param {number | null | undefined} value
 * @param {number} [size]  As above.
 */
export function show(key, value, size = value ?? 0) {
  if (value === null || value === undefined) return NOTHING;
  const { unit, decimals } = signalOf(key);
  const number = converted(unit, value, size);
  // Three digits.
  if (shownUnit(unit, size) === 'MPa') return written(number, number === 0 ? 0 : [2, 1, 0][Math.floor(Math.log10(Math.max(1, Math.abs(number))))] ?? 0);
  const ofSource = precisions.get(key) ?? decimals;
  // 1 kPa is 0.01 bar, but 1 km/h is 0.6 mph: that needs no decimal more.
  const isFiner = convertedDifference(unit, 1, size) < 0.5 && Math.abs(number) < 100;
  return written(number, Math.abs(number) < 1000 ? Math.max(ofSource, isFiner ? 1 : 0) : 0);
}

/** @type {Intl.NumberFormat[]} */
const FORMATS = [];

/**
 * @param {number} number
 * @param {number} decimals
 */
export function written(number, decimals) {
  FORMATS[decimals] ??= new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: 'min2' });
  const text = FORMATS[decimals].format(number);
  return /[1-9]/.test(text) ? text : text.replace('-', '');
}

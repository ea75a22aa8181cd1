// @ts-check

/**
 * @typedef {'vehicle_speed'|'rpm'|'coolant_temperature'|'engine_load'|'control_module_voltage'|'fuel_rail_pressure'} SignalKey
 *
 * @typedef {object} Signal
 * @property {string} label
 * @property {string} unit
 * @property {number} decimals  Dropped from 1000 on, where they are noise.
 * @property {number} slot      Widest usual value in characters; where a unit follows it, the number's place is kept this wide.
 * @property {[number, number]} gauge  Ends of the gauge, not limits of the value.
 * @property {number} span      Smallest height of the chart's scale, so that sensor noise does not look like a drive.
 * @property {number} floor     The chart's scale never goes below it.
 */

/** The six signals of the live message: the one place for how each is named, counted and drawn. */
export const SIGNALS = /** @type {Readonly<Record<SignalKey, Signal>>} */ (Object.freeze({
  vehicle_speed: { label: 'Speed', unit: 'km/h', decimals: 1, slot: 5, gauge: [0, 200], span: 10, floor: 0 },
  rpm: { label: 'Engine speed', unit: 'rpm', decimals: 0, slot: 4, gauge: [0, 7000], span: 400, floor: 0 },
  coolant_temperature: { label: 'Coolant', unit: '°C', decimals: 1, slot: 5, gauge: [-20, 130], span: 5, floor: -Infinity },
  engine_load: { label: 'Engine load', unit: '%', decimals: 1, slot: 5, gauge: [0, 100], span: 10, floor: 0 },
  control_module_voltage: { label: 'Battery', unit: 'V', decimals: 1, slot: 4, gauge: [10, 16], span: 1, floor: 0 },
  fuel_rail_pressure: { label: 'Rail pressure', unit: 'kPa', decimals: 1, slot: 6, gauge: [0, 40_000], span: 40, floor: 0 },
}));

export const SIGNAL_KEYS = /** @type {SignalKey[]} */ (Object.keys(SIGNALS));

export const NOTHING = '—';

/**
 * The signal that an element names in one of its data attributes.
 * @param {string | undefined} key
 * @returns {SignalKey}
 */
export function signalKey(key) {
  if (key !== undefined && Object.hasOwn(SIGNALS, key)) return /** @type {SignalKey} */ (key);
  throw new Error(`No such signal: ${key}`);
}

/**
 * The value as the pages write it, without its unit. Never seen is a dash, never 0.
 * @param {SignalKey} key
 * @param {number | null | undefined} value
 */
export function format(key, value) {
  if (value === null || value === undefined) return NOTHING;
  const text = value.toFixed(Math.abs(value) < 1000 ? SIGNALS[key].decimals : 0);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

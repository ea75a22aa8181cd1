// @ts-check
import { kept } from './kept.js';

const CHARGE = ['soc', 'soc_d', 'state_of_charge', 'battery_level'];
const FUEL = ['fuel_tank_level', 'fuel_level', 'fuel', 'fuel_tank'];
/** In watts, but for the last, in kilowatts. */
const POWER = ['hv_w', 'hv_power', 'battery_power', 'power'];
const BATTERY_HEAT = ['batt_temp', 'hv_t_a', 'battery_temperature', 'hv_t_max', 'hv_t_min', 'hv_t_i'];
const KINDS = /** @type {const} */ (['car', 'van', 'motorcycle', 'electric']);

/** Cold below the first, right from the second to the third, hot at the fourth, in °C. */
const ENGINE = [40, 75, 100, 112];
const BATTERY = [0, 12, 42, 52];
const FULL_POWER = 100_000;

/**
 * What one can see of a vehicle.
 * @typedef {object} VehicleState
 * @property {typeof KINDS[number]} kind
 * @property {string} colour   Empty: none was chosen.
 * @property {boolean} running
 * @property {number | null} speed  km/h.
 * @property {number} rpm
 * @property {boolean} isSlowing
 * @property {number | null} power  Of the battery, in watts; below 0: it is fed.
 * @property {number | null} effort  Of the engine or motor, from 0 to 1; below 0: it feeds the battery.
 * @property {number | null} store   Charge or fuel, from 0 to 1.
 * @property {boolean} isElectric
 * @property {number | null} temperature  Of the coolant or the battery, °C.
 * @property {number} warmth   -1: cold, 0: right, 1: hot.
 */

/**
 * @param {import('./view.js').View} view
 * @param {boolean} isSlowing
 * @returns {VehicleState}
 */
export function vehicleStateOf({ vehicleId, profile, data, state }, isSlowing) {
  const kind = kindOf(vehicleId, profile, data);
  const isElectric = kind === 'electric' || (first(data, CHARGE) !== null && (data?.rpm ?? null) === null);
  const power = first(data, POWER);
  const effort = isElectric ? power && power / FULL_POWER : data?.engine_load == null ? null : data.engine_load / 100;
  const store = first(data, isElectric ? CHARGE : FUEL);
  const temperature = isElectric ? first(data, BATTERY_HEAT) : data?.coolant_temperature ?? null;
  return {
    kind, isElectric, temperature, isSlowing, power: isElectric ? power : null,
    colour: (profile ? profile.color : kept(`color-${vehicleId}`)) ?? '',
    running: state === 'running',
    speed: data?.vehicle_speed ?? null,
    rpm: data?.rpm ?? 0,
    effort: effort && Math.min(Math.max(effort, -1), 1),
    store: store === null ? null : Math.min(Math.max(store / 100, 0), 1),
    warmth: warmthOf(temperature, isElectric ? BATTERY : ENGINE),
  };
}

/**
 * @param {number | null} vehicleId
 * @param {Record<string, any> | null} profile
 * @param {Readonly<Record<string, number | null>> | null} data
 */
function kindOf(vehicleId, profile, data) {
  const chosen = profile ? profile.kind : kept(`kind-${vehicleId}`);
  return KINDS.find((kind) => kind === chosen) ?? (first(data, CHARGE) !== null && (data?.rpm ?? null) === null ? 'electric' : 'car');
}

/**
 * @param {Readonly<Record<string, number | null>> | null} data
 * @param {string[]} keys
 */
function first(data, keys) {
  const key = keys.find((name) => (data?.[name] ?? null) !== null);
  return key === undefined ? null : /** @type {any} */ (data)[key] * (key === 'power' ? 1000 : 1);
}

/**
 * @param {number | null} value
 * @param {number[]} limits
 */
function warmthOf(value, [cold, right, warm, hot]) {
  if (value === null) return 0;
  const part = (/** @type {number} */ from, /** @type {number} */ to) => Math.min(1, Math.max(0, (value - from) / (to - from)));
  return part(warm, hot) - (1 - part(cold, right));
}

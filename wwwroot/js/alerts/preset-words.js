// @ts-check
import { amount, format } from '../app/alert-words.js';
import { signalOf } from '../app/signals.js';
import { word } from '../app/words.js';
import { isForecast } from './forecast-signals.js';

/** @typedef {import('./rules.js').Preset} Preset */

const NAMED = /** @type {const} */ ([
  'coolant_overheating', 'coolant_rises_fast', 'thermostat_open', 'battery_low_parked', 'charging_failure', 'over_rev', 'speeding', 'fuel_low', 'charge_low',
  'fuel_gone', 'charge_gone', 'dongle_offline', 'fault_code', 'frozen_sensor', 'moves_at_night', 'oil_pressure_low', 'oil_hot',
  'coolant_below_expected', 'coolant_sensor_jumps', 'range_low', 'charge_below_expected',
]);

/**
 * In the language of the page, where it knows the preset.
 * @param {Preset} preset
 */
export function presetName({ key, rule }) {
  const known = NAMED.find((name) => name === key);
  return known ? word(`preset.${known}`) : rule.name;
}

/**
 * Where its threshold comes from.
 * @param {Preset} preset
 */
export function presetWhy({ band, key, rule }) {
  if (rule.when.some(({ signal }) => isForecast(signal))) return word('preset.why.forecast');
  if (!band) return word(rule.when.some(({ signal }) => signal !== undefined) ? 'preset.why.usual' : 'preset.why.any');
  if (key === 'fuel_gone' || key === 'charge_gone') return word('preset.why.gone');
  const { unit } = signalOf(band.signal);
  const low = format(band.signal, band.from);
  const high = format(band.signal, band.to);
  const range = amount(low === high ? high : word('preset.range', { low, high }), unit);
  return word(band.drives === 1 ? 'preset.why.one' : 'preset.why.band', { range, count: band.drives });
}

// @ts-check
import { converted, convertedDifference, shownUnit } from '../app/units.js';
import { decimal, hasWord, word } from '../app/words.js';

/**
 * @typedef {import('../app/forecasts.js').Forecast} Forecast
 * @typedef {import('../app/forecasts.js').Basis} Basis
 */

const WARM = 80;

/**
 * A number in the unit of the page, as precise as its size is worth.
 * @param {number} value
 * @param {string} unit
 */
export function plain(value, unit) {
  const shown = converted(unit, value);
  return decimal(shown.toFixed(unit === 'V' ? 2 : Math.abs(shown) < 10 && unit !== '°C' ? 1 : 0));
}

/**
 * An error, in the unit of the page.
 * @param {number} error
 * @param {string} unit
 */
export function errorText(error, unit) {
  return `${decimal(convertedDifference(unit, error).toFixed(unit === 'V' ? 2 : 1))} ${shownUnit(unit)}`;
}

/**
 * What a forecast says now, in one line; empty where there is nothing to say.
 * @param {string} name
 * @param {Forecast} forecast
 */
export function forecastText(name, { value, low, high, unit }) {
  if (value === null || (name === 'warm_in' && value <= 0)) return '';
  const places = { value: minutes(name, value, unit), low: minutes(name, low ?? value, unit), high: minutes(name, high ?? value, unit), unit: shownUnit(unit) };
  return name === 'warm_in' ? word('forecast.warm_in.now', { ...places, degrees: `${plain(WARM, '°C')} ${shownUnit('°C')}` }) : word('forecast.range.now', places);
}

/**
 * Whole minutes and kilometres: more would be pretended.
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 */
function minutes(name, value, unit) {
  return String(Math.round(name === 'warm_in' ? Math.max(value, 1) : converted(unit, value)));
}

/**
 * Its own record on the vehicle.
 * @param {string} name
 * @param {{ unit: string, basis: Basis | null }} forecast
 */
export function recordText(name, { unit, basis }) {
  if (!basis || basis.scored === 0 || basis.error === null) return word('forecast.record.none');
  const record = word(name === 'warm_in' ? 'forecast.record.starts' : 'forecast.record.drives', { error: errorText(basis.error, unit), count: basis.drives });
  const better = basis.rival_error ? Math.round(100 * (1 - basis.error / basis.rival_error)) : 0;
  return better > 0 ? word('forecast.record.better', { record, percent: better }) : word('forecast.record.naive', { record });
}

/** @param {string} name */
export function forecastName(name) {
  return hasWord(`forecast.${name}`) ? word(/** @type {'forecast.range'} */ (`forecast.${name}`)) : name;
}

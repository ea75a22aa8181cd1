// @ts-check
import { converted, shownUnit } from './units.js';
import { locale } from './words.js';

const WHOLE = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/**
 * A distance with its unit.
 * @param {number} kilometres
 * @param {number} [exact]  Shorter ones have tenths.
 */
export function distanceText(kilometres, exact = 10) {
  const distance = converted('km', kilometres);
  return `${(distance < exact ? TENTHS : WHOLE).format(distance)} ${shownUnit('km')}`;
}

/** @param {number} speed  km/h. */
export function speedText(speed) {
  return `${WHOLE.format(converted('km/h', speed))} ${shownUnit('km/h')}`;
}

// @ts-check
import { locale } from './words.js';

const WHOLE = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/**
 * A distance with its unit.
 * @param {number} kilometres
 */
export function distanceText(kilometres) {
  return `${(kilometres < 10 ? TENTHS : WHOLE).format(kilometres)} km`;
}

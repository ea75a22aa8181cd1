// @ts-check
import { kept } from './kept.js';

/**
 * How this browser shows quantities. What is stored, exported and sent stays in SI units.
 * @typedef {{ distance: 'km' | 'mi', temperature: 'C' | 'F', pressure: 'kPa' | 'bar' | 'psi', clock: '24' | '12' }} Units
 */

export const NAME = 'units';

export const CHOICES = /** @type {const} */ ({ distance: ['km', 'mi'], temperature: ['C', 'F'], pressure: ['kPa', 'bar', 'psi'], clock: ['24', '12'] });

const MILES = ['US', 'GB', 'LR', 'MM'];
const FAHRENHEIT = ['US', 'BS', 'BZ', 'FM', 'KY', 'LR', 'MH', 'PW'];

/** By the unit of the server, and the choice. `least`: for values from here on. @type {Record<string, { of: keyof Units, when: string, least?: number, unit: string, from(value: number): number }[]>} */
const CONVERSIONS = {
  'km/h': [{ of: 'distance', when: 'mi', unit: 'mph', from: (value) => value / 1.609344 }],
  km: [{ of: 'distance', when: 'mi', unit: 'mi', from: (value) => value / 1.609344 }],
  '°C': [{ of: 'temperature', when: 'F', unit: '°F', from: (value) => value * 1.8 + 32 }],
  kPa: [
    { of: 'pressure', when: 'kPa', least: 1000, unit: 'MPa', from: (value) => value / 1000 },
    { of: 'pressure', when: 'bar', unit: 'bar', from: (value) => value / 100 },
    { of: 'pressure', when: 'psi', unit: 'psi', from: (value) => value / 6.894757 },
  ],
};

/** @returns {Units}  What people use where this browser is. */
function ofRegion() {
  const tag = navigator.language;
  let region = '';
  try {
    region = new Intl.Locale(tag).region ?? '';
  } catch {
    // A tag that is none.
  }
  const isTwelve = new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions().hour12 === true;
  return {
    distance: MILES.includes(region) ? 'mi' : 'km',
    temperature: FAHRENHEIT.includes(region) ? 'F' : 'C',
    pressure: region === 'US' ? 'psi' : 'kPa',
    clock: isTwelve ? '12' : '24',
  };
}

/** @returns {Units} */
function load() {
  const all = ofRegion();
  const chosen = (kept(NAME) ?? '').split(' ');
  for (const [name, choices] of Object.entries(CHOICES)) {
    const found = /** @type {readonly string[]} */ (choices).find((choice) => chosen.includes(`${name}=${choice}`));
    if (found) Object.assign(all, { [name]: found });
  }
  return all;
}

/** @type {Readonly<Units>} */
export const units = load();

/** For the forms of times. */
export const hourCycle = units.clock === '12' ? 'h12' : 'h23';

// Another page of this browser has changed them.
addEventListener('storage', ({ key }) => key === NAME && location.reload());

/**
 * @param {string} unit  Of the server.
 * @param {number} [size]  Of the value, or of the largest that is shown with it, in that unit.
 */
export function shownUnit(unit, size = 0) {
  return conversionOf(unit, size)?.unit ?? unit;
}

/**
 * @param {string} unit  Of the server.
 * @param {number} value
 * @param {number} [size]  As above.
 */
export function converted(unit, value, size = value) {
  return conversionOf(unit, size)?.from(value) ?? value;
}

/**
 * A difference of two values, which has no zero to convert: 1 °C is 1.8 °F.
 * @param {string} unit  Of the server.
 * @param {number} difference
 * @param {number} [size]  As above.
 */
export function convertedDifference(unit, difference, size = difference) {
  return converted(unit, difference, size) - converted(unit, 0, size);
}

/**
 * @param {string} unit
 * @param {number} size
 */
function conversionOf(unit, size) {
  return CONVERSIONS[unit]?.find(({ of, when, least = -Infinity }) => units[of] === when && Math.abs(size) >= least);
}

// @ts-check
import { distanceText, speedText } from '../app/distance.js';
import { converted, hourCycle, shownUnit } from '../app/units.js';
import { hasWord, locale, word } from '../app/words.js';

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle });
const shortDay = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
const plainDate = new Intl.DateTimeFormat(locale, { dateStyle: 'short' });
const monthName = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

export const NOTHING = '–';

/** @typedef {import('./trip-book.js').Trip} Trip */

/** A local day of the server, `2026-11-23`, at noon, where no change of clocks moves it. @param {string} day */
const noon = (day) => new Date(`${day}T12:00`);

/** @param {string} day */
export const dayName = (day) => shortDay.format(noon(day));
/** @param {string} day */
export const dateName = (day) => plainDate.format(noon(day));
/** @param {string} time  UTC. */
export const timeName = (time) => clock.format(Date.parse(time));

/** @param {import('./trip-period.js').Period} period */
export function periodName({ year, month }) {
  if (month === null) return String(year);
  const text = monthName.format(new Date(year, month, 1));
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** @param {number | null} kilometres */
export const distanceOf = (kilometres) => (kilometres === null ? NOTHING : distanceText(kilometres, 100));
/** @param {number | null} speed */
export const speedOf = (speed) => (speed === null ? NOTHING : speedText(speed));
/** @param {number | null} count */
export const countOf = (count) => (count === null ? NOTHING : whole.format(count));
/** @param {number | null} cost */
export const costOf = (cost) => (cost === null ? NOTHING : two.format(cost));

/** @param {number | null} seconds */
export function lengthOf(seconds) {
  if (seconds === null) return NOTHING;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? word('trip.minutes', { minutes }) : word('trip.hours', { hours: whole.format(Math.floor(minutes / 60)), minutes: String(minutes % 60).padStart(2, '0') });
}

/** Litres and kWh. @param {Record<string, any>} of */
export function useOf({ fuel_litres: litres, energy_kwh: energy }) {
  return [litres === null ? '' : `${one.format(litres)} L`, energy === null ? '' : `${one.format(energy)} kWh`].filter((text) => text).join(' + ') || NOTHING;
}

/** For each 100 kilometres or miles. @param {Record<string, any>} totals */
export function rateOf({ fuel_per_100km: litres, energy_per_100km: energy }) {
  const distance = converted('km', 1);
  const text = (/** @type {number | null} */ amount, /** @type {string} */ unit) => (amount === null ? '' : `${one.format(amount / distance)} ${unit}/100 ${shownUnit('km')}`);
  return [text(litres, 'L'), text(energy, 'kWh')].filter((part) => part).join(' + ') || NOTHING;
}

/** @param {string | null} tag */
export function tagName(tag) {
  const key = `tag.${tag ?? 'none'}`;
  return hasWord(key) ? word(/** @type {'tag.none'} */ (key)) : String(tag);
}

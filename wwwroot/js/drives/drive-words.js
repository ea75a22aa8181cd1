// @ts-check
import { distanceText, speedText } from '../app/distance.js';
import { hourCycle } from '../app/units.js';
import { daysBefore, isSameDay } from '../app/calendar.js';
import { locale, word } from '../app/words.js';

/** @typedef {import('./drive-log.js').Drive} Drive */

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const ofAnotherYear = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
const dateOfAnotherYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle });
const exactClock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

/**
 * "Today", "Monday, 23 November".
 * @param {number} at
 */
export function dayOf(at) {
  const now = Date.now();
  if (isSameDay(at, now)) return word('drives.today');
  if (isSameDay(at, daysBefore(now, 1))) return word('drives.yesterday');
  return longDayOf(at);
}

/** @param {number} at */
export function longDayOf(at) {
  const text = (isThisYear(at) ? weekday : ofAnotherYear).format(at);
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** @param {number} at */
export function dateOf(at) {
  return (isThisYear(at) ? date : dateOfAnotherYear).format(at);
}

/** @param {number} at */
function isThisYear(at) {
  return new Date(at).getFullYear() === new Date().getFullYear();
}

/** @param {Drive} drive */
export function timesOf({ start, end }) {
  return `${clock.format(start)} – ${clock.format(end)}`;
}

/** @param {number} at */
export function clockOf(at) {
  return exactClock.format(at);
}

/** @param {number} milliseconds */
export function lengthOf(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return word('drive.seconds', { seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return word('drive.minutes', { minutes });
  return word('drive.hours', { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, '0') });
}

/**
 * Empty where it is not known.
 * @param {number | null} kilometres
 */
export function distanceOf(kilometres) {
  return kilometres === null ? '' : distanceText(kilometres, 100);
}

/** @param {Drive} drive */
export function maxSpeedOf({ maxSpeed }) {
  return maxSpeed === null ? '' : word('drive.max', { speed: speedText(maxSpeed) });
}

/** @param {number} count */
export function readingsOf(count) {
  return word('drive.readings', { count: whole.format(count) });
}

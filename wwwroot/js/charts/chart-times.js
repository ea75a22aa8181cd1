// @ts-check
import { hourCycle } from '../app/units.js';
import { locale } from '../app/words.js';

const HOUR = 3600;

export const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 2_592_000];

/**
 * The moments between two others at which a local clock shows a round time.
 * @param {number} from  Milliseconds.
 * @param {number} to
 * @param {number} step  Seconds.
 */
export function roundTimes(from, to, step) {
  const times = [];
  if (step <= HOUR) {
    const size = step * 1000;
    const offset = new Date(from).getTimezoneOffset() * 60_000;
    for (let at = Math.ceil((from - offset) / size) * size + offset; at <= to; at += size) times.push(at);
    return times;
  }
  const day = new Date(from);
  for (let hour = 0; ; hour += step / HOUR) {
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime();
    if (at > to) return times;
    if (at >= from) times.push(at);
  }
}

/** @type {Intl.DateTimeFormatOptions} */
const MINUTES = { hour: '2-digit', minute: '2-digit', hourCycle };
const SECONDS = /** @type {Intl.DateTimeFormatOptions} */ ({ ...MINUTES, second: '2-digit' });
const withSeconds = new Intl.DateTimeFormat(locale, SECONDS);
const withMinutes = new Intl.DateTimeFormat(locale, MINUTES);
const withTenths = new Intl.DateTimeFormat(locale, { ...SECONDS, fractionalSecondDigits: 1 });
const days = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });

/**
 * Local time as the axis writes it.
 * @param {number} seconds
 * @param {number} step  Between two labels, in seconds.
 */
export function axisTime(seconds, step) {
  if (step < 1) return exactTime(seconds);
  return (step < 60 ? withSeconds : step < 86_400 ? withMinutes : days).format(seconds * 1000);
}

const pastSeconds = new Intl.DateTimeFormat(locale, { ...SECONDS, month: 'short', day: 'numeric' });
const pastMinutes = new Intl.DateTimeFormat(locale, { ...MINUTES, month: 'short', day: 'numeric' });

/**
 * Date and local time of a bucket's start, as exact as its length makes sense.
 * @param {number} seconds
 * @param {number} bucket
 */
export function bucketTime(seconds, bucket) {
  return (bucket < 60 ? pastSeconds : pastMinutes).format(seconds * 1000);
}

/** @param {number} seconds */
export function exactTime(seconds) {
  return withTenths.format(seconds * 1000);
}

/**
 * Half of a time, around one of its points as far as there is something on both sides.
 * @param {readonly number[]} time
 * @param {number} index
 * @returns {[number, number]}
 */
export function halfAround(time, index) {
  const [first, last] = [time[0], time[time.length - 1]];
  const quarter = (last - first) / 4;
  const middle = Math.min(last - quarter, Math.max(first + quarter, time[index]));
  return [middle - quarter, middle + quarter];
}

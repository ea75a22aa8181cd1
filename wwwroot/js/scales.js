// @ts-check
import { signalOf } from './signals.js';
import { locale } from './words.js';

const STEPS = [1, 2, 5, 10];
export const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 2_592_000];

/**
 * The chart's height: at least the signal's span, on round ends, so that it neither shivers nor dramatises.
 * @param {import('./signals.js').SignalKey} key
 * @param {number | null} min
 * @param {number | null} max
 * @returns {[number, number]}
 */
export function valueRange(key, min, max) {
  const { floor, ...signal } = signalOf(key);
  const span = signal.span || Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)) / 10 || 1;
  if (min === null || max === null) return [0, span];
  const missing = Math.max(0, span - (max - min)) / 2;
  const low = Math.max(floor, min - missing);
  const high = Math.max(max + missing, low + span);
  const step = roundUp((high - low) / 4);
  return [Math.max(floor, Math.floor(low / step) * step), Math.ceil(high / step) * step];
}

/**
 * The chart's width: the points from edge to edge; a single point stands in the middle.
 * @param {number[]} time
 * @returns {[number, number]}
 */
export function timeRange(time) {
  if (time.length === 0) return [0, 10];
  const [first, last] = [time[0], time[time.length - 1]];
  return last > first ? [first, last] : [first - 5, last + 5];
}

/** @param {number} step */
function roundUp(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return (STEPS.find((x) => x * power >= step * 0.999) ?? 10) * power;
}

/** @type {Intl.DateTimeFormatOptions} */
const MINUTES = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
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

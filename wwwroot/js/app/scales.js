// @ts-check
import { signalOf } from './signals.js';

/**
 * The chart's height: at least the signal's span, on round ends, so that it neither shivers nor dramatises.
 * @param {import('./signals.js').SignalKey} key
 * @param {number | null} min
 * @param {number | null} max
 * @returns {[number, number]}
 */
export function valueRange(key, min, max) {
  const { floor, isFromZero, ...signal } = signalOf(key);
  const span = signal.span || Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)) / 10 || 1;
  if (min === null || max === null) return [0, span];
  const missing = Math.max(0, span - (max - min)) / 2;
  const low = isFromZero && min >= 0 ? 0 : Math.max(floor, min - missing);
  const high = Math.max(max + missing, low + span);
  const step = roundUp((high - low) / 4);
  return [Math.max(floor, Math.floor(low / step) * step), Math.ceil(high / step) * step];
}

/**
 * The chart's width: the points from edge to edge; a single point is in the middle.
 * @param {number[]} time
 * @returns {[number, number]}
 */
export function timeRange(time) {
  if (time.length === 0) return [0, 10];
  const [first, last] = [time[0], time[time.length - 1]];
  return last > first ? [first, last] : [first - 5, last + 5];
}

/**
 * The next round number; one that is almost round stays the same.
 * @param {number} number
 * @param {readonly number[]} steps  Between two powers of ten.
 */
export function roundUp(number, steps = [1, 2, 5, 10]) {
  const power = 10 ** Math.floor(Math.log10(number));
  return (steps.find((step) => step * power >= number * 0.999) ?? 10) * power;
}

// @ts-check
import { signalOf } from './signals.js';

/** @typedef {'normal' | 'high' | 'too-high' | 'low' | 'too-low'} Level */

/**
 * @param {import('./signals.js').SignalKey} key
 * @param {number | null} value
 * @returns {Level}
 */
export function levelOf(key, value) {
  const { limits } = signalOf(key);
  if (!limits || value === null) return 'normal';
  const [first, second] = limits;
  const [side, past] = first <= second
    ? /** @type {const} */ (['high', (/** @type {number} */ limit) => value >= limit])
    : /** @type {const} */ (['low', (/** @type {number} */ limit) => value <= limit]);
  if (past(second)) return `too-${side}`;
  return past(first) ? side : 'normal';
}

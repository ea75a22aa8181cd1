// @ts-check
import { isKnown } from './columns.js';

/** @typedef {import('./columns.js').Column} Column */

// A signal that comes every so often may miss two turns before its line breaks.
const TURNS = 3;

/**
 * Distinguishes gaps from rare signals: a coolant temperature every 30 s leaves most buckets of 3 s empty,
 * and that is no gap. Silence of the whole vehicle is, and so is a signal that stopped among others that went on.
 * @param {(number | null)[][]} columns  One per signal, null where a bucket is empty.
 * @param {number} patience              Buckets that the vehicle may be silent for.
 * @returns {Column[]}  With undefined in place of each null that is no gap.
 */
export function bridged(columns, patience) {
  const silent = silences(columns, patience);
  const isSilent = (/** @type {number} */ from, /** @type {number} */ to) => silent.some(([start, end]) => start < to && end > from);
  return columns.map((column) => {
    const known = [...column.keys()].filter((i) => isKnown(column[i]));
    const steps = known.slice(1).map((at, i) => at - known[i]);
    const longest = Math.max(patience, TURNS * median(steps));
    /** @type {Column} */
    const result = [...column];
    steps.forEach((step, i) => {
      const from = known[i] + 1;
      if (step > 1 && step <= longest && !isSilent(from, known[i + 1])) result.fill(undefined, from, known[i + 1]);
    });
    return result;
  });
}

/**
 * The stretches in which no signal came at all: first bucket, and the one after the last.
 * @param {(number | null)[][]} columns
 * @param {number} patience
 */
export function silences(columns, patience) {
  const count = columns[0]?.length ?? 0;
  /** @type {[number, number][]} */
  const found = [];
  let from = 0;
  for (let i = 0; i <= count; i++) {
    if (i < count && columns.every((column) => !isKnown(column[i]))) continue;
    if (i > from && i - from >= patience) found.push([from, i]);
    from = i + 1;
  }
  return found;
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.length === 0 ? 0 : [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

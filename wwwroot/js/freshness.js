// @ts-check
/** @typedef {import('./signals.js').SignalKey} SignalKey */

const TURNS = 3;
const LEAST = 5000;
const MOST = 20;
// The store is written in batches.
const BEHIND = 3000;

/**
 * How old each value is. A message has the time of its newest reading only: a value that moves is as new as that, one
 * that stands still may be old or simply the same, and only the store can tell.
 */
export class Freshness {
  /** @type {Map<SignalKey, { at: number, limit: number, value: number | null }>} */
  #known = new Map();
  /** How far the store has been asked. */
  #askedTo = -Infinity;

  /** @param {import('./message.js').Message} message */
  hear({ data, timestamp }) {
    for (const [key, value] of Object.entries(data)) {
      const known = this.#known.get(key);
      if (value === null || value === known?.value) continue;
      this.#known.set(key, { at: known ? timestamp : 0, limit: known?.limit ?? Infinity, value });
    }
  }

  /** The signals that have come, at most as many as the store is asked about at once. */
  get keys() {
    return [...this.#known.keys()].slice(0, MOST);
  }

  /**
   * @param {import('./history.js').History} history
   * @param {Readonly<import('./history.js').Span>} span  What it covers.
   */
  learn({ time, bucket, signals }, { from, to }) {
    this.#askedTo = to - BEHIND;
    for (const [key, known] of this.#known) {
      if (!signals[key]) continue;
      const times = time.filter((_, i) => signals[key].avg[i] !== null).map((at) => at * 1000);
      const steps = times.slice(1).map((at, i) => at - times[i]).sort((a, b) => a - b);
      const newest = times.length > 0 ? times[times.length - 1] + bucket * 1000 : from;
      known.at = Math.max(known.at, newest);
      if (steps.length > 0) known.limit = Math.max(LEAST, TURNS * steps[steps.length >> 1]);
      else if (known.limit === Infinity) known.limit = to - from;
    }
  }

  clear() {
    this.#known.clear();
    this.#askedTo = -Infinity;
  }

  /**
   * Whether a value is so old that the store should be asked about it, once more.
   * @param {number} now
   */
  isInDoubt(now) {
    return [...this.#known.values()].some(({ at, limit }) => now - at > limit);
  }

  /**
   * The age of a value that is older than a few of its own periods, in milliseconds; null for all others.
   * @param {SignalKey} key
   * @param {number} now
   */
  oldAge(key, now) {
    const known = this.#known.get(key);
    return known && this.#askedTo - known.at > known.limit ? now - known.at : null;
  }
}

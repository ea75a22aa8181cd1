// @ts-check
import { BEHIND } from './freshness.js';
import { fetchHistory } from './history.js';

const LENGTH = 300_000;
const POINTS = 300;
// The age of what these minutes hold nothing of: to the minute, otherwise to half a day.
const FURTHER = [{ length: 86_400_000, points: 1440 }, { length: 366 * 86_400_000, points: 732 }];
/** As many signals as the store answers for at once. */
const MAX_KEYS = 20;
const PAUSE = 10_000;
const MAX_PAUSE = 120_000;

/** Asks the store for the last minutes of the shown vehicle, and how old the values are that are older. */
export class Lookback {
  #freshness;
  #learned;
  #asked = new AbortController();
  #askedAt = -Infinity;
  #pause = PAUSE;

  /**
   * @param {import('./freshness.js').Freshness} freshness
   * @param {(history: import('./history.js').History) => void} learned
   */
  constructor(freshness, learned) {
    this.#freshness = freshness;
    this.#learned = learned;
  }

  /**
   * @param {number} vehicleId
   * @param {number} to  By the server's clock.
   * @param {readonly string[]} keys  Of the signals.
   */
  async ask(vehicleId, to, keys) {
    this.stop();
    this.#askedAt = performance.now();
    const { signal } = this.#asked = new AbortController();
    const span = { from: to - LENGTH, to };
    const history = (/** @type {import('./history.js').Span} */ of, /** @type {number} */ points, /** @type {readonly string[]} */ some) =>
      fetchHistory(vehicleId, of, points, signal, some).catch(() => null);
    for (let i = 0; i < keys.length; i += MAX_KEYS) {
      const answer = await history(span, POINTS, keys.slice(i, i + MAX_KEYS));
      if (signal.aborted) return;
      // A store that is away is asked less and less often.
      this.#pause = answer ? PAUSE : Math.min(MAX_PAUSE, this.#pause * 2);
      if (!answer) return;
      this.#freshness.learn(answer, span);
      this.#learned(answer);
    }
    if (this.#freshness.undated.length > 0) await new Promise((resolve) => setTimeout(resolve, BEHIND));
    for (const [i, { length, points }] of FURTHER.entries()) {
      const undated = this.#freshness.undated.slice(0, MAX_KEYS);
      if (signal.aborted || undated.length === 0) return;
      const answer = await history({ from: to - length, to: to + BEHIND }, points, undated);
      if (signal.aborted || !answer) return;
      this.#freshness.date(answer, span.from, i === FURTHER.length - 1);
    }
  }

  /** What was asked before is of another vehicle. */
  stop() {
    this.#asked.abort();
  }

  /** Whether the last question is so long ago that another one is no burden. */
  get isRested() {
    return performance.now() - this.#askedAt > this.#pause;
  }
}

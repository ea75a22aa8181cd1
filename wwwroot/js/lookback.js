// @ts-check
import { fetchHistory } from './history.js';

/** @typedef {(history: import('./history.js').History, span: Readonly<import('./history.js').Span>) => void} Heard */

const LENGTH = 300_000;
const POINTS = 300;
const PAUSE = 10_000;

/** Asks the store for the last minutes of the shown vehicle. */
export class Lookback {
  #heard;
  #asked = new AbortController();
  #askedAt = -Infinity;

  /** @param {Heard} heard */
  constructor(heard) {
    this.#heard = heard;
  }

  /**
   * @param {number} vehicleId
   * @param {number} to  By the server's clock.
   * @param {readonly string[]} keys  Of the signals.
   */
  async ask(vehicleId, to, keys) {
    this.#asked.abort();
    this.#askedAt = performance.now();
    const { signal } = this.#asked = new AbortController();
    const span = { from: to - LENGTH, to };
    const history = await fetchHistory(vehicleId, span, POINTS, signal, keys).catch(() => null);
    if (history && !signal.aborted) this.#heard(history, span);
  }

  /** Whether the last question is so long ago that another one is no burden. */
  get isRested() {
    return performance.now() - this.#askedAt > PAUSE;
  }
}

// @ts-check

import { PRECISE } from './clock.js';

const KEPT = 250;
const FEW = 10;

/**
 * How long readings take from their arrival at the server until they are drawn here: measured by two clocks, of which this one is
 * set by the other. The uncertainty of their difference is shown with the figures; if it is too large, there are none.
 */
export class Latency {
  /** @type {number[]} */
  #samples = [];
  #waiting = 0;
  #connection = 0;
  #doubt = 0;

  /** @param {import('./store.js').Vehicle} message */
  hear({ state, timestamp, connection }) {
    // The first message of a connection repeats known values, and so does the one that reports silence.
    const repeats = connection !== this.#connection || state !== 'running';
    this.#connection = connection;
    this.#waiting = repeats || document.hidden ? 0 : timestamp;
  }

  /** @param {import('./clock.js').ServerClock} clock */
  drawn(clock) {
    if (this.#waiting > 0 && clock.error <= PRECISE) {
      this.#doubt = clock.error;
      this.#samples.push(Math.max(0, clock.now() - this.#waiting));
      if (this.#samples.length > KEPT) this.#samples.shift();
    }
    this.#waiting = 0;
  }

  /** Median and 99th percentile in milliseconds, with their uncertainty; null while there are too few. */
  get figures() {
    if (this.#samples.length < FEW) return null;
    const sorted = [...this.#samples].sort((a, b) => a - b);
    const at = (/** @type {number} */ part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
    return { half: at(0.5), most: at(0.99), doubt: this.#doubt };
  }
}

// @ts-check
import { fetchHistory } from '../app/history.js';

/** @typedef {import('./trail.js').Trail} Trail */

// The store is written in batches, a second or more behind the live messages: asked once, it might not hold the newest yet.
const WAITS = [0, 1500, 3000, 6000, 12_000, 30_000];
const SETTLED = 10_000;

/** Asks the store for what a trail missed: the minutes before the page was opened, and each time without a connection. */
export class GapFill {
  #clock;
  #filled;
  /** @type {Trail['hole']} */
  #hole = null;
  #work = new AbortController();

  /**
   * @param {import('../app/clock.js').ServerClock} clock
   * @param {() => void} filled  Called after each change of a trail.
   */
  constructor(clock, filled) {
    this.#clock = clock;
    this.#filled = filled;
  }

  /**
   * Works on this trail, and on no other: what is asked for another vehicle is cancelled.
   * @param {number} vehicleId
   * @param {Trail} trail
   * @param {number} points  At most.
   */
  tend(vehicleId, trail, points) {
    if (trail.hole === this.#hole) return;
    this.#work.abort();
    this.#work = new AbortController();
    this.#hole = trail.hole;
    if (this.#hole) this.#fill(vehicleId, trail, points, this.#work.signal, this.#hole);
  }

  /**
   * @param {number} vehicleId
   * @param {Trail} trail
   * @param {number} points
   * @param {AbortSignal} cancelled
   * @param {NonNullable<Trail['hole']>} hole
   */
  async #fill(vehicleId, trail, points, cancelled, hole) {
    for (const wait of WAITS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (cancelled.aborted) return;
      const settled = this.#clock.now() - hole.to > SETTLED;
      // The store knows microseconds, the message that ends the hole only its millisecond: others may have come within that.
      const history = await fetchHistory(vehicleId, { from: hole.from, to: hole.to + 1 }, points, cancelled).catch(() => null);
      if (cancelled.aborted) return;
      if (history === null) continue;
      trail.fill(hole, history);
      this.#filled();
      if (settled) break;
    }
    if (trail.hole === hole) trail.hole = this.#hole = null;
  }
}

// @ts-check
import { between } from './ranges.js';

/** @typedef {import('./ranges.js').Range} Range */

const SHORTEST = 1000;

/** A stretch that is dragged over in a chart is shown larger on all of them; and the way back, step by step. */
export class Zooms {
  /** What was shown before each step. @type {Range[]} */
  #before = [];
  #choose;

  /**
   * @param {HTMLElement} charts
   * @param {Element} way    Fires `unzoom`, as the charts do.
   * @param {() => Range} shown
   * @param {(range: Range) => void} choose
   */
  constructor(charts, way, shown, choose) {
    this.#choose = choose;
    charts.addEventListener('zoom', (event) => {
      const { from, to } = /** @type {CustomEvent<import('../app/history.js').Span>} */ (event).detail;
      if (to - from >= SHORTEST) this.#go(between(Math.round(from), Math.round(to)), [...this.#before, shown()]);
    });
    charts.addEventListener('dblclick', () => this.isZoomed && this.#go(this.#before[0], []));
    for (const source of [charts, way]) {
      source.addEventListener('unzoom', () => {
        const before = this.#before.at(-1);
        if (before) this.#go(before, this.#before.slice(0, -1));
      });
    }
  }

  get isZoomed() {
    return this.#before.length > 0;
  }

  /**
   * Begins anew with a range that was not dragged over.
   * @param {Range} range
   */
  start(range) {
    this.#go(range, []);
  }

  /**
   * @param {Range} range
   * @param {Range[]} before
   */
  #go(range, before) {
    this.#before = before;
    this.#choose(range);
  }
}

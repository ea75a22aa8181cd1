// @ts-check
import { followZooms } from './zoom-events.js';

/** @typedef {import('./ranges.js').Range} Range */

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
    followZooms(charts, way, {
      zoom: (range) => this.#go(range, [...this.#before, shown()]),
      back: () => this.isZoomed && this.#go(this.#before[this.#before.length - 1], this.#before.slice(0, -1)),
      leave: () => this.isZoomed && this.#go(this.#before[0], []),
    });
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

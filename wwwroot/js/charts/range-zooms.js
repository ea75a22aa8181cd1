// @ts-check
import { putRangeInAddress, rangeInAddress } from './range-address.js';
import { followZooms } from './zoom-events.js';

/** @typedef {import('./ranges.js').Range} Range */

/** A stretch that is dragged over in a chart is shown larger on all of them; each is a step of the browser's history. */
export class RangeZooms {
  #choose;
  #charts;

  /**
   * @param {HTMLElement} charts
   * @param {Element} way    Fires `unzoom`, as the charts do.
   * @param {() => Range} shown
   * @param {(range: Range) => void} choose
   */
  constructor(charts, way, shown, choose) {
    this.#charts = charts;
    this.#choose = choose;
    this.#mark();
    followZooms(charts, way, {
      zoom: (range) => this.#zoom(shown(), range),
      back: () => this.isZoomed && history.back(),
      leave: () => this.isZoomed && history.go(-this.#steps),
    });
    addEventListener('popstate', () => {
      this.#mark();
      choose(rangeInAddress());
    });
  }

  /** They outlive a reload, as the browser's history does. */
  get #steps() {
    return Number(history.state?.zoom ?? 0);
  }

  get isZoomed() {
    return this.#steps > 0;
  }

  /**
   * Begins anew with a range that was not dragged over.
   * @param {Range} range
   */
  start(range) {
    history.replaceState({ ...history.state, zoom: 0 }, '');
    this.#show(range);
  }

  /**
   * @param {Range} before
   * @param {Range} range
   */
  #zoom(before, range) {
    putRangeInAddress(before);
    history.pushState({ ...history.state, zoom: this.#steps + 1 }, '');
    this.#show(range);
  }

  /** @param {Range} range */
  #show(range) {
    putRangeInAddress(range);
    this.#mark();
    this.#choose(range);
  }

  #mark() {
    this.#charts.toggleAttribute('data-zoomed', this.isZoomed);
  }
}

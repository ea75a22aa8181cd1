// @ts-check
import { GapFill } from './gap-fill.js';
import { Past } from './past.js';
import { putRangeInAddress, rangeInAddress } from './range-address.js';
import { CUSTOM, LIVE, UNTIL_NOW, likeShown } from './ranges.js';
import { Zooms } from './zooms.js';
import './chart-picker.js';
import './custom-range.js';
import './export-link.js';
import './pause-button.js';
import './range-bar.js';
import './range-status.js';
import './range-title.js';
import './zoom-out.js';

/**
 * @typedef {import('../app/columns.js').Columns} Columns
 * @typedef {import('../app/view.js').View} View
 * @typedef {HTMLElement & { show(past: Past, view: View): void }} RangePart
 *
 * @typedef {object} Charts
 * @property {HTMLElement} frame
 * @property {import('./chart-set.js').ChartSet} charts
 * @property {import('./trails.js').Trails} trails
 * @property {import('../app/store.js').Store} store
 * @property {import('../app/clock.js').ServerClock} clock
 * @property {() => void} redraw
 */

const RANGE_PARTS = 'range-bar, custom-range, range-status, range-title, export-link';
/** @type {{ trail: import('./trail.js').Trail | null, version: number, total: number }} */
const NOTHING = { trail: null, version: -1, total: 0 };

const parts = /** @type {RangePart[]} */ ([...document.querySelectorAll(RANGE_PARTS)]);
const picker = /** @type {HTMLElement & { show(view: View): void }} */ (document.querySelector('chart-picker'));
const pause = /** @type {HTMLElement & { paused: boolean, show(missed: number): void }} */ (document.querySelector('pause-button'));
const zoomOut = /** @type {HTMLElement & { show(isZoomed: boolean): void }} */ (document.querySelector('zoom-out'));

/** The time that the charts show, live or of the past, and all that chooses it. It comes after the first numbers. */
export class TimeShown {
  #page;
  #past;
  #gapFill;
  #zooms;
  /** What is on the screen of the live points: whose trail, and how far it had come. */
  #shown = NOTHING;

  /** @param {Charts} page */
  constructor(page) {
    const { frame, charts, clock, redraw } = page;
    this.#page = page;
    this.#past = new Past(rangeInAddress(), clock);
    this.#gapFill = new GapFill(clock, redraw);
    this.#past.addEventListener('change', redraw);
    picker.addEventListener('described', () => charts.list.forEach((chart) => chart.described()));
    pause.addEventListener('toggle', redraw);
    charts.addEventListener('change', () => {
      this.#shown = NOTHING;
      if (!this.#past.isLive) this.#past.retry();
      redraw();
    });
    this.#zooms = new Zooms(frame, zoomOut, () => this.#past.range, (range) => {
      putRangeInAddress(range);
      this.#past.choose(range);
    });
    document.querySelector('range-status')?.addEventListener('retry', () => this.#past.retry());
    document.querySelector('custom-range')?.addEventListener('choose', (event) => this.#zooms.start(/** @type {CustomEvent} */ (event).detail));
    document.querySelector('range-bar')?.addEventListener('choose', (event) => {
      const { detail: id } = /** @type {CustomEvent<string>} */ (event);
      this.#zooms.start(id === CUSTOM ? likeShown(this.#past.range, clock.now()) : UNTIL_NOW.find((range) => range.id === id) ?? LIVE);
    });
  }

  /** @param {View} view */
  draw(view) {
    const past = this.#past;
    past.tend(view, this.#page.store.connection);
    document.body.dataset.view = past.isLive ? 'live' : 'past';
    this.#page.frame.setAttribute('aria-busy', String(!past.isLive && past.status === 'loading'));
    for (const part of parts) part.show(past, view);
    picker.show(view);
    zoomOut.show(this.#zooms.isZoomed);
    if (past.isLive) this.#drawLive(view);
    else this.#drawPast();
  }

  /** @param {View} view */
  #drawLive({ vehicleId, offlineAfter, data }) {
    for (const chart of this.#page.charts.list) chart.tell(data);
    if (vehicleId === null) return;
    const trail = this.#page.trails.of(vehicleId);
    this.#gapFill.tend(vehicleId, trail);
    const same = this.#shown.trail === trail;
    // Paused, another vehicle is still drawn once: its name must not stand above the first one's lines.
    if (!same || (!pause.paused && this.#shown.version !== trail.version)) {
      this.#shown = { trail, version: trail.version, total: trail.total };
      this.#drawAll(trail.columns(offlineAfter));
    }
    pause.show(trail.total - this.#shown.total);
  }

  #drawPast() {
    this.#shown = NOTHING;
    this.#drawAll(this.#past.columns);
  }

  /** @param {Columns} columns */
  #drawAll(columns) {
    for (const chart of this.#page.charts.list) chart.draw(columns);
  }
}

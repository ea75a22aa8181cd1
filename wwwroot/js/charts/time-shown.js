// @ts-check
import { putOthersInAddress, putVehicleInAddress, vehicleInAddress } from '../app/address.js';
import { AlertLog } from '../app/alert-log.js';
import { ExpectedLog } from '../app/expected-log.js';
import { NO_COLUMNS } from '../app/columns.js';
import { Ages, endingAt } from './ages.js';
import { DriveColumns } from './drive-columns.js';
import { GapFill } from './gap-fill.js';
import { EXTENTS, putExtentInAddress } from './live-extent.js';
import { Past } from './past.js';
import { rangeInAddress } from './range-address.js';
import { RangeZooms } from './range-zooms.js';
import { CUSTOM, LIVE, UNTIL_NOW, likeShown } from './ranges.js';
import { addedKeys } from '../app/signals.js';
import './chart-picker.js';
import './custom-range.js';
import './export-link.js';
import './live-detail.js';
import './pause-button.js';
import './range-bar.js';
import './range-status.js';
import './range-title.js';
import './zoom-out.js';

/**
 * @typedef {import('../app/columns.js').Columns} Columns
 * @typedef {import('../app/view.js').View} View
 * @typedef {HTMLElement & { show(past: Past, view: View, extent: import('./live-extent.js').Extent): void }} RangePart
 *
 * @typedef {object} Charts
 * @property {HTMLElement} frame
 * @property {import('./chart-set.js').ChartSet} charts
 * @property {import('./trails.js').Trails} trails
 * @property {import('../app/store.js').Store} store
 * @property {import('../app/clock.js').ServerClock} clock
 * @property {() => void} redraw
 * @property {() => void} begin  Collects the live points anew.
 */

const RANGE_PARTS = 'range-bar, custom-range, range-status, range-title, export-link';
/** @type {{ trail: import('./trail.js').Trail | null, version: number, total: number, ends: string }} */
const NOTHING = { trail: null, version: -1, total: 0, ends: '' };

const parts = /** @type {RangePart[]} */ ([...document.querySelectorAll(RANGE_PARTS)]);
const picker = /** @type {HTMLElement & { show(view: View): void }} */ (document.querySelector('chart-picker'));
const pause = /** @type {HTMLElement & { paused: boolean, show(missed: number): void }} */ (document.querySelector('pause-button'));
const detail = /** @type {HTMLElement & { show(extent: import('./live-extent.js').Extent): void }} */ (document.querySelector('live-detail'));
const zoomOut = /** @type {HTMLElement & { show(isZoomed: boolean): void }} */ (document.querySelector('zoom-out'));

/** The time that the charts show, live or of the past, and all that chooses it. It comes after the first numbers. */
export class TimeShown {
  #page;
  #past;
  #gapFill;
  #ages;
  #zooms;
  #alerts;
  #expected;
  #driveColumns = new DriveColumns();
  /** What is on the screen of the live points: whose trail, and how far it had come. */
  #shown = NOTHING;

  /** @param {Charts} page */
  constructor(page) {
    const { frame, charts, clock, redraw } = page;
    this.#page = page;
    this.#past = new Past(rangeInAddress(), clock);
    this.#gapFill = new GapFill(clock, redraw);
    this.#ages = new Ages(page.store, clock, redraw);
    this.#past.addEventListener('change', redraw);
    this.#alerts = new AlertLog(redraw);
    this.#expected = new ExpectedLog(redraw);
    picker.addEventListener('described', () => charts.list.forEach((chart) => chart.described()));
    pause.addEventListener('toggle', redraw);
    charts.addEventListener('change', () => {
      this.#shown = NOTHING;
      if (!this.#past.isLive) this.#past.retry();
      redraw();
    });
    this.#zooms = new RangeZooms(frame, zoomOut, () => this.#past.range, (range) => this.#past.choose(range));
    addEventListener('popstate', () => this.#putChoices());
    detail.addEventListener('choose', (event) => {
      page.trails.extent = EXTENTS.find(({ id }) => id === /** @type {CustomEvent<string>} */ (event).detail) ?? page.trails.extent;
      putExtentInAddress(page.trails.extent);
      this.#shown = NOTHING;
      page.begin();
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
    this.#page.frame.dataset.none = past.none;
    for (const part of parts) part.show(past, view, this.#page.trails.extent);
    detail.show(this.#page.trails.extent);
    picker.show(view);
    zoomOut.show(this.#zooms.isZoomed);
    this.#alerts.tend(view.vehicleId, past.isLive ? NO_COLUMNS : past.columns);
    const alerts = past.isLive ? this.#page.store.alerts?.allOf(view.vehicleId) ?? [] : this.#alerts.list;
    this.#expected.tend(view.vehicleId, past.isLive ? NO_COLUMNS : past.columns);
    const expected = past.isLive ? this.#page.store.forecasts?.trail ?? {} : this.#expected.bySignal;
    for (const chart of this.#page.charts.list) {
      chart.setAlerts(alerts);
      chart.setExpected(expected[chart.key] ?? null);
    }
    if (past.isLive) this.#drawLive(view);
    else this.#drawPast();
    this.#driveColumns.show(this.#page.charts.list, past.isLive ? [] : past.drives, view.vehicleId, alerts);
  }

  /** An earlier entry of the browser's history names what was chosen before the zoom: only the zoom goes back. */
  #putChoices() {
    const { trails, store } = this.#page;
    const { current } = store.selection;
    putOthersInAddress(addedKeys());
    putExtentInAddress(trails.extent);
    if (current !== null && vehicleInAddress() !== null) putVehicleInAddress(current);
  }

  /** @param {View} view */
  #drawLive(view) {
    const { vehicleId, offlineAfter, data } = view;
    for (const chart of this.#page.charts.list) chart.setLast(data);
    if (vehicleId === null) return;
    const trail = this.#page.trails.of(vehicleId);
    this.#gapFill.tend(vehicleId, trail, this.#page.trails.extent.filled);
    const ends = this.#endsOf(view);
    const same = this.#shown.trail === trail;
    const isOther = this.#shown.version !== trail.version || this.#shown.ends !== JSON.stringify(ends);
    // Paused, another vehicle is still drawn once: its name must not stand above the first one's lines.
    if (!same || (!pause.paused && isOther)) {
      this.#shown = { trail, version: trail.version, total: trail.total, ends: JSON.stringify(ends) };
      this.#drawAll(endingAt(trail.columns(offlineAfter), ends));
    }
    pause.show(trail.total - this.#shown.total);
  }

  /**
   * When the signals came last that are old; their charts say so.
   * @param {View} view
   */
  #endsOf(view) {
    this.#ages.tend(view);
    /** @type {Record<string, number>} */
    const ends = {};
    for (const chart of this.#page.charts.list) {
      const old = this.#ages.oldAge(chart.key, view);
      chart.setAge(old);
      if (old !== null) ends[chart.key] = view.now - old;
    }
    return ends;
  }

  #drawPast() {
    this.#shown = NOTHING;
    for (const chart of this.#page.charts.list) chart.setAge(null);
    this.#drawAll(this.#past.columns);
  }

  /** @param {Columns} columns */
  #drawAll(columns) {
    for (const chart of this.#page.charts.list) chart.draw(columns);
  }
}

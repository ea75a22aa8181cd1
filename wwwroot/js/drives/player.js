// @ts-check
import { AlertLog } from '../app/alert-log.js';
import { ExpectedLog } from '../app/expected-log.js';
import { ChartSet } from '../charts/chart-set.js';
import { UNKNOWN_COLUMNS } from '../app/columns.js';
import { onFrame, painted } from '../app/frame.js';
import { Past } from '../charts/past.js';
import { LIVE, between } from '../charts/ranges.js';
import { Zooms } from '../charts/zooms.js';
import { Track } from './track.js';
import '../charts/export-link.js';
import '../elements/kpi-card.js';
import '../charts/range-status.js';
import '../elements/spark-line.js';
import '../charts/zoom-out.js';
import './drive-head.js';
import './drive-timeline.js';
import './moment-link.js';
import './play-controls.js';

/**
 * @typedef {import('../app/view.js').View} View
 * @typedef {import('./playback.js').Playback} Playback
 */

// As many as a wide screen can show of a drive.
const POINTS = 720;

/** The parts of the page that show one moment of the drive that is open. */
export class Player {
  #playback;
  #past;
  #track = new Track();
  #place = /** @type {HTMLElement} */ (document.querySelector('.player'));
  #cards = this.#all('kpi-card');
  #scene = this.#one('vehicle-scene');
  #head = this.#one('drive-head');
  #timeline = this.#one('drive-timeline');
  #controls = this.#one('play-controls');
  #status = this.#one('range-status');
  #export = this.#one('export-link');
  #zoomOut = this.#one('zoom-out');
  #picker = this.#one('chart-picker');
  #frame = this.#one('.charts');
  #charts = new ChartSet(this.#frame);
  #zooms;
  #alerts;
  #expected;
  /** @type {import('./drive-log.js').Drive | null} */
  #shown = null;
  #wasConnected = false;
  /** Follows the cursor, every frame for as long as it moves. */
  #move = onFrame(() => {
    const now = this.#playback.cursor.now();
    this.#timeline.show(now);
    this.#controls.show(this.#playback);
    for (const chart of this.#charts.list) chart.mark(now);
    if (this.#playback.isRunning) this.#move();
  });

  /**
   * @param {Playback} playback
   * @param {import('../app/clock.js').ServerClock} clock
   * @param {() => void} redraw
   */
  constructor(playback, clock, redraw) {
    this.#playback = playback;
    this.#past = new Past(LIVE, clock);
    this.#zooms = new Zooms(this.#frame, this.#zoomOut, () => this.#past.range, (range) => this.#past.choose(range));
    for (const type of ['change', 'moved']) playback.addEventListener(type, redraw);
    this.#past.addEventListener('change', redraw);
    this.#alerts = new AlertLog(redraw);
    this.#expected = new ExpectedLog(redraw);
    this.#status.addEventListener('retry', () => this.#past.retry());
    this.#charts.addEventListener('change', () => this.#past.retry());
    this.#picker.addEventListener('described', () => this.#charts.list.forEach((chart) => chart.described()));
    this.#frame.addEventListener('pick', (/** @type {CustomEvent<number>} */ { detail }) => playback.seek(detail));
    this.#listen(this.#timeline, { hold: () => playback.hold(), release: () => playback.release(), seek: (at) => playback.seek(at), toggle: () => playback.toggle() });
    this.#listen(this.#controls, {
      toggle: () => playback.toggle(), jump: (by) => playback.seek(playback.cursor.now() + by), speed: (speed) => playback.play(speed), gaps: (skips) => playback.skipGaps(skips),
    });
    painted().then(() => Promise.all([import('../charts/chart-picker.js'), import('../elements/vehicle-scene.js')])).then(redraw);
  }

  /** @param {View} view */
  show(view) {
    const { drive, cursor, isRunning } = this.#playback;
    if (drive !== this.#shown) this.#open(drive);
    this.#place.hidden = drive === null;
    if (!drive) return;
    this.#past.tend(view, 0);
    const isConnected = view.link.status === 'connected';
    if (isConnected && !this.#wasConnected && this.#past.status === 'error') this.#past.retry();
    this.#wasConnected = isConnected;
    const { columns, status } = this.#past;
    if (status === 'ready' && !this.#zooms.isZoomed) {
      this.#track.learn(columns);
      this.#timeline.draw(columns);
    }
    this.#track.now = cursor.now();
    const seen = { ...view, offlineAfter: Math.max(view.offlineAfter, this.#track.gap) };
    for (const card of this.#cards) card.show(seen, this.#track, this.#track);
    this.#scene.show?.(view, !isRunning);
    this.#frame.setAttribute('aria-busy', String(status === 'loading'));
    this.#alerts.tend(view.vehicleId, this.#track.columns);
    this.#timeline.mark(this.#alerts.list);
    this.#expected.tend(view.vehicleId, columns);
    for (const chart of this.#charts.list) {
      chart.setAlerts(this.#alerts.list);
      chart.setExpected(this.#expected.bySignal[chart.key] ?? null);
      chart.draw(columns);
    }
    for (const part of [this.#status, this.#export]) part.show(this.#past, view);
    this.#zoomOut.show(this.#zooms.isZoomed);
    this.#picker.show?.(view);
    this.#move();
  }

  /** @param {import('./drive-log.js').Drive | null} drive */
  #open(drive) {
    this.#shown = drive;
    this.#past.columns = UNKNOWN_COLUMNS;
    this.#track.learn(UNKNOWN_COLUMNS);
    this.#zooms.start(drive ? { ...between(drive.start, drive.end), points: POINTS } : LIVE);
    this.#head.show(drive);
    if (drive) this.#timeline.open({ from: drive.start, to: drive.end });
  }

  /**
   * @param {HTMLElement} part
   * @param {Record<string, (detail: any) => void>} acts
   */
  #listen(part, acts) {
    for (const [type, act] of Object.entries(acts)) part.addEventListener(type, (event) => act(/** @type {CustomEvent} */ (event).detail));
  }

  /**
   * @param {string} selector
   * @returns {any}
   */
  #one(selector) {
    return this.#place.querySelector(selector);
  }

  /**
   * @param {string} selector
   * @returns {any[]}
   */
  #all(selector) {
    return [...this.#place.querySelectorAll(selector)];
  }
}

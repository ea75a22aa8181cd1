// @ts-check
import { UNKNOWN_COLUMNS, extentOf } from '../app/columns.js';
import { columnsOf, fetchHistory } from '../app/history.js';
import { fetchSpreads } from './drive-spreads.js';
import { LIVE, pointsOf, spanOf } from './ranges.js';
import { word } from '../app/words.js';

/** @typedef {import('./ranges.js').Range} Range */

/** @type {readonly import('./drive-spreads.js').SpreadDrive[]} */
const NO_DRIVES = [];

const SHORTEST = 5000;

/** The chosen range, and what the store holds of it. Fires `change`. Asks for nothing while the live points are shown. */
export class Past extends EventTarget {
  #clock;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = new AbortController();
  /** Of whom, of what, over which connection: the question that was asked last. */
  #vehicleId = -1;
  /** @type {Range} */
  #range = LIVE;
  #connection = 0;
  #gap = 0;
  /** What the columns are of. @type {Range} */
  #drawn = LIVE;

  /** @type {Range} */
  range;
  /** @type {'loading' | 'ready' | 'empty' | 'error'} */
  status = 'loading';
  /** Why there is an error, for people. */
  problem = '';
  columns = UNKNOWN_COLUMNS;
  /** Of a long range; none where it is read as lines. */
  drives = NO_DRIVES;

  /**
   * @param {Range} range
   * @param {import('../app/clock.js').ServerClock} clock
   */
  constructor(range, clock) {
    super();
    this.range = range;
    this.#clock = clock;
  }

  get isLive() {
    return this.range === LIVE;
  }

  /** Why there is nothing to draw, for people; empty: there is something. */
  get none() {
    if (this.isLive) return '';
    return this.status === 'empty' ? word('range.empty') : this.columns.none ?? '';
  }

  /** @param {Range} range */
  choose(range) {
    this.range = range;
    this.#setStatus(this.status);
  }

  /**
   * Loads the data of the charts and drops outdated answers.
   * @param {import('../app/view.js').View} view
   * @param {number} connection
   */
  tend({ vehicleId, offlineAfter }, connection) {
    // The page's first connection needs no reload if an answer has arrived or is on its way.
    const reconnected = connection !== this.#connection && (this.#connection > 0 || this.status === 'error');
    const anew = vehicleId !== this.#vehicleId || this.range !== this.#range;
    this.#connection = connection;
    this.#gap = offlineAfter / 1000;
    if (!anew && (this.isLive || !reconnected)) return;
    // Clear at once, so that one vehicle's data is never shown under another's name.
    if (vehicleId !== this.#vehicleId || this.isLive) this.#clear(UNKNOWN_COLUMNS);
    this.#vehicleId = vehicleId ?? -1;
    this.#range = this.range;
    this.#stop();
    if (vehicleId === null || this.isLive) return;
    if (anew) this.#setStatus('loading');
    this.#load();
  }

  retry() {
    this.#stop();
    this.#setStatus('loading');
    this.#load();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
  }

  async #load() {
    const { signal } = this.#asked;
    const span = spanOf(this.#range, this.#clock.now());
    const points = pointsOf(this.#range, span);
    try {
      const [history, drives] = await Promise.all([fetchHistory(this.#vehicleId, span, points, signal), fetchSpreads(this.#vehicleId, span, signal)]);
      if (signal.aborted) return;
      this.drives = drives;
      this.columns = columnsOf(history, this.#gap, this.#clock.now() / 1000);
      this.#drawn = this.#range;
      this.#setStatus(Object.values(this.columns.signals).some(extentOf) ? 'ready' : 'empty');
    } catch (error) {
      if (signal.aborted) return;
      if (this.#drawn !== this.#range) this.#clear({ ...UNKNOWN_COLUMNS, none: word('chart.failed') });
      this.#setStatus('error', /** @type {Error} */ (error).message);
    }
    // A range that ends now is extended, one bucket at a time.
    if (span.to > this.#clock.now() || this.#range.length > 0) this.#later((span.to - span.from) / points, signal);
  }

  /** @param {import('../app/columns.js').Columns} columns */
  #clear(columns) {
    this.columns = columns;
    this.drives = NO_DRIVES;
  }

  /**
   * @param {number} bucket
   * @param {AbortSignal} cancelled
   */
  #later(bucket, cancelled) {
    this.#timer = setTimeout(() => {
      if (!document.hidden) this.#load();
      else document.addEventListener('visibilitychange', () => this.#load(), { once: true, signal: cancelled });
    }, Math.max(SHORTEST, bucket));
  }

  /**
   * @param {Past['status']} status
   * @param {string} [problem]
   */
  #setStatus(status, problem = '') {
    this.status = status;
    this.problem = problem;
    this.dispatchEvent(new Event('change'));
  }
}

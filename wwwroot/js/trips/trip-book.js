// @ts-check
import { ask } from '../app/history.js';
import { keep, kept } from '../app/kept.js';
import { send } from '../app/send.js';
import { word } from '../app/words.js';
import { daysOf, periodInAddress, putPeriodInAddress } from './trip-period.js';

/**
 * @typedef {Record<string, any>} Trip    As GET /trips/drives has it.
 * @typedef {Record<string, any>} Totals  As GET /trips has them.
 * @typedef {'day' | 'week' | 'month' | 'vehicle' | 'tag'} Grouping
 */

export const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Names of the prices in the address and in this browser. */
export const PRICES = /** @type {const} */ (['fuel_price', 'energy_price']);

/** The drives of a period with their totals. Fires `change`. */
export class TripBook extends EventTarget {
  #asked = new AbortController();

  /** Empty: all that may be seen. */
  vehicleId = '';
  period = periodInAddress();
  /** @type {Grouping} */
  by = 'week';
  /** @type {'loading' | 'ready' | 'error'} */
  status = 'loading';
  problem = '';
  /** @type {readonly Trip[]} */
  trips = [];
  /** @type {Totals | null} */
  total = null;
  /** @type {readonly Totals[]} */
  groups = [];

  /** @param {Partial<Pick<TripBook, 'vehicleId' | 'period' | 'by'>>} changes */
  choose(changes) {
    Object.assign(this, changes);
    putPeriodInAddress(this.period);
    return this.load();
  }

  /**
   * @param {typeof PRICES[number]} name
   * @param {string} price  Empty: none.
   */
  setPrice(name, price) {
    keep(name, price || null);
    return this.load();
  }

  /** What is asked for, as a query. @param {Record<string, string>} [more] */
  query(more = {}) {
    const { from, to } = daysOf(this.period);
    const query = new URLSearchParams({ from, to, zone, ...more });
    if (this.vehicleId) query.set('vehicle_id', this.vehicleId);
    for (const name of PRICES) if (kept(name)) query.set(name, /** @type {string} */ (kept(name)));
    return String(query);
  }

  async load() {
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    this.#tell('loading');
    try {
      const [trips, report] = await Promise.all([this.#ask('trips/drives', {}, signal), this.#ask('trips', { by: this.by }, signal)]);
      if (signal.aborted) return;
      if (!Array.isArray(trips) || !report?.total) throw new Error(word('history.unreadable'));
      Object.assign(this, { trips, total: report.total, groups: report.groups });
      this.#tell('ready');
    } catch (error) {
      if (!signal.aborted) this.#tell('error', /** @type {Error} */ (error).message);
    }
  }

  /**
   * Writes tag and note of a drive.
   * @param {Trip} trip
   * @param {{ tag: string | null, note: string }} note
   */
  async write(trip, note) {
    const { status, body } = await send('PUT', 'trips/note', { vehicle_id: trip.vehicle_id, start: trip.start, version: trip.version, ...note });
    return { status, body };
  }

  /** The drive as the server has it now. @param {Trip} trip */
  async fetchAgain(trip) {
    const from = new Date(Date.parse(trip.start) - 1000).toISOString();
    const to = new Date(Date.parse(trip.end) + 1000).toISOString();
    const list = await this.#ask('trips/drives', { from, to, vehicle_id: String(trip.vehicle_id) }, new AbortController().signal).catch(() => []);
    return /** @type {Trip | undefined} */ (list[0]);
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} more
   * @param {AbortSignal} signal
   */
  #ask(path, more, signal) {
    const url = new URL(path, document.baseURI);
    url.search = this.query(more);
    for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
    return ask(url, signal);
  }

  /**
   * @param {TripBook['status']} status
   * @param {string} [problem]
   */
  #tell(status, problem = '') {
    Object.assign(this, { status, problem });
    this.dispatchEvent(new Event('change'));
  }
}

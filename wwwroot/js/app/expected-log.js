// @ts-check
import { ask, iso } from './history.js';
import { expectedOf, hasExpected } from './expected-trail.js';

/** @typedef {import('./expected-trail.js').Expected} Expected */

// The server learns earlier drives anew for it: not for every range that is passed over.
const LONGEST = 24 * 3600;
const REST = 300;

/** Expected values over the time that charts show. */
export class ExpectedLog {
  #changed;
  #asked = '';
  /** @type {number | null} */
  #vehicleId = null;
  /** @type {unknown} */
  #of = null;
  #cancel = new AbortController();
  /** By signal. @type {Record<string, Expected>} */
  bySignal = {};

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * @param {number | null} vehicleId
   * @param {import('./columns.js').Columns} columns
   */
  tend(vehicleId, columns) {
    if (columns === this.#of) return;
    this.#of = columns;
    const { time, bucket, signals } = columns;
    const [from, to] = [time[0], (time.at(-1) ?? 0) + bucket];
    const asked = vehicleId === null || time.length < 2 || !(to - from <= LONGEST) || !hasExpected(signals) ? '' : `${vehicleId} ${from} ${to} ${time.length}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#cancel.abort();
    this.#cancel = new AbortController();
    // A range until now moves on every few seconds: its line stays until the next one has come.
    if (!asked || vehicleId !== this.#vehicleId) this.bySignal = {};
    this.#vehicleId = vehicleId;
    if (asked) setTimeout((/** @type {AbortSignal} */ signal) => this.#ask({ vehicle_id: String(vehicleId), from: iso(from * 1000), to: iso(to * 1000), points: String(time.length) }, signal), REST, this.#cancel.signal);
  }

  /**
   * @param {Record<string, string>} query
   * @param {AbortSignal} signal
   */
  async #ask(query, signal) {
    if (signal.aborted) return;
    const url = new URL('forecasts/history', document.baseURI);
    url.search = String(new URLSearchParams(query));
    const body = await ask(url, signal).catch(() => null);
    if (signal.aborted || !body) return;
    this.bySignal = expectedOf(body);
    this.#changed();
  }
}

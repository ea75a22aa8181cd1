// @ts-check
import { alertOf } from './alert.js';
import { ask, iso } from './history.js';

/** As many as a chart can show apart. */
const LIMIT = 200;

/**
 * Alerts of a vehicle that fired in a time, the newest first; none without an answer.
 * @param {number} vehicleId
 * @param {import('./history.js').Span} span
 * @param {AbortSignal} cancelled
 */
async function fetchAlerts(vehicleId, { from, to }, cancelled) {
  const url = new URL('alerts', document.baseURI);
  url.search = String(new URLSearchParams({ state: 'all', vehicle_id: String(vehicleId), from: iso(from), to: iso(to), limit: String(LIMIT) }));
  const list = await ask(url, cancelled).catch(() => []);
  return Array.isArray(list) ? list.flatMap((raw) => alertOf(raw) ?? []) : [];
}

/** Alerts of the time that charts show, asked for anew as often as the charts are. */
export class AlertLog {
  #changed;
  #asked = new AbortController();
  /** @type {unknown} */
  #of = null;
  /** @type {readonly import('./alert.js').Alert[]} */
  list = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * @param {number | null} vehicleId
   * @param {import('./columns.js').Columns} columns  What the charts show.
   */
  async tend(vehicleId, columns) {
    if (columns === this.#of) return;
    const { time, bucket } = columns;
    this.#of = columns;
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    if (vehicleId === null || time.length === 0) {
      this.list = [];
      return;
    }
    const list = await fetchAlerts(vehicleId, { from: time[0] * 1000, to: (time[time.length - 1] + bucket) * 1000 }, signal);
    if (signal.aborted) return;
    this.list = list;
    this.#changed();
  }
}

// @ts-check
import { notePoint } from './expected-trail.js';
import { utc } from './message.js';
import { send } from './send.js';

/**
 * @typedef {object} Forecast
 * @property {'ok' | 'learning' | 'naive' | 'not_applicable' | 'stale_inputs'} state
 * @property {number | null} value
 * @property {number | null} low
 * @property {number | null} high
 * @property {string} unit
 *
 * @typedef {object} Basis  Its record on the vehicle.
 * @property {number} drives
 * @property {number} scored
 * @property {number | null} error
 * @property {string | null} rival
 * @property {number | null} rival_error
 * @property {number | null} coverage
 *
 * @typedef {import('./expected-trail.js').Expected} Expected
 */

// How long what a message says is of now, and how often the records are asked for.
const FRESH = 5000;
const REST = 60_000;

/** The shown vehicle's forecasts: of each second from the socket, with their records from the server. Fires `change`. */
export class Forecasts extends EventTarget {
  #vehicleId = -1;
  #state = '';
  #askedAt = -Infinity;
  #heardAt = -Infinity;
  /** @type {Record<string, Forecast>} */
  #live = {};
  /** @type {Record<string, Forecast & { basis: Basis }>} */
  #known = {};
  /** Expected values of the last minutes, by signal. @type {Record<string, Expected>} */
  trail = {};

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    super();
    store.addEventListener('other', (event) => this.#receive(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {import('./view.js').View} view */
  tend({ vehicleId, state }) {
    if (vehicleId === null) return;
    const isOther = vehicleId !== this.#vehicleId;
    if (isOther) [this.#vehicleId, this.#live, this.#known, this.trail] = [vehicleId, {}, {}, {}];
    if (!isOther && state === this.#state && performance.now() - this.#askedAt < REST) return;
    [this.#state, this.#askedAt] = [state, performance.now()];
    this.#ask(vehicleId);
  }

  /**
   * A forecast that has a value now, or null.
   * @param {string} name
   */
  of(name) {
    const isLive = performance.now() - this.#heardAt < FRESH;
    const now = (isLive ? this.#live[name] : null) ?? this.#known[name];
    return now && now.value !== null && (isLive || name === 'range') ? { ...now, basis: this.#known[name]?.basis ?? null } : null;
  }

  /**
   * The record of a forecast on the vehicle; null: not known.
   * @param {string} name
   */
  recordOf(name) {
    return this.#known[name] ?? null;
  }

  /** @param {number} vehicleId */
  async #ask(vehicleId) {
    const { status, body } = await send('GET', `forecasts?vehicle_id=${vehicleId}`);
    if (status !== 200 || !Array.isArray(body) || vehicleId !== this.#vehicleId) return;
    this.#known = Object.fromEntries(body.map((entry) => [entry.forecast, entry]));
    this.dispatchEvent(new Event('change'));
  }

  /** @param {unknown} text */
  #receive(text) {
    if (typeof text !== 'string' || !text.startsWith('{"type":"forecast"')) return;
    const { data, timestamp } = JSON.parse(text);
    if (data.vehicle_id !== this.#vehicleId) return;
    [this.#live, this.#heardAt] = [data, performance.now()];
    notePoint(this.trail, data, utc(timestamp) / 1000);
    this.dispatchEvent(new Event('change'));
  }
}

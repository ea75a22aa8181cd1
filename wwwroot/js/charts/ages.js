// @ts-check
import { Freshness } from '../app/freshness.js';
import { Lookback } from '../app/lookback.js';

/** @typedef {import('../app/store.js').Vehicle} Vehicle */

/** How old the values of the live charts are: a message repeats those that no longer come. */
export class Ages {
  #store;
  #freshness = new Freshness();
  #lookback;
  /** Whose values they are, and over which connection the store was asked about them. */
  #of = { id: -1, connection: 0 };

  /**
   * @param {import('../app/store.js').Store} store
   * @param {import('../app/clock.js').ServerClock} clock
   * @param {() => void} redraw
   */
  constructor(store, clock, redraw) {
    this.#store = store;
    this.#lookback = new Lookback(this.#freshness, redraw);
    const hear = (/** @type {Vehicle | undefined} */ message) => {
      if (message?.vehicleId === store.selection.current) this.#hear(/** @type {Vehicle} */ (message), clock.now());
    };
    hear(store.vehicles.get(store.selection.current ?? -1));
    store.addEventListener('message', (event) => hear(/** @type {CustomEvent<Vehicle>} */ (event).detail));
  }

  /** @param {import('../app/view.js').View} view */
  tend({ state, now, vehicleId }) {
    if (state !== 'running' || document.hidden || vehicleId !== this.#of.id || !this.#lookback.isRested) return;
    const keys = this.#freshness.inDoubt(now);
    if (keys.length > 0) this.#lookback.ask(vehicleId, now, keys);
  }

  /**
   * See Freshness.
   * @param {string} key
   * @param {import('../app/view.js').View} view
   */
  oldAge(key, { state, now, timestamp, vehicleId, data }) {
    if (vehicleId !== this.#of.id || (data?.[key] ?? null) === null) return null;
    return this.#freshness.oldAge(key, now, state === 'running' ? now : timestamp);
  }

  /**
   * @param {Vehicle} message
   * @param {number} now
   */
  #hear(message, now) {
    const { vehicleId, connection, state, timestamp, heard } = message;
    if (vehicleId !== this.#of.id) {
      this.#of = { id: vehicleId, connection: 0 };
      this.#freshness.clear();
      this.#lookback.stop();
    }
    this.#freshness.hear(message);
    if (connection === this.#of.connection || connection !== this.#store.connection || !heard) return;
    this.#of.connection = connection;
    this.#lookback.ask(vehicleId, state === 'running' ? now : timestamp + 1, this.#freshness.keys);
  }
}

/**
 * The columns without what messages only repeated.
 * @param {import('../app/columns.js').Columns} columns
 * @param {Readonly<Record<string, number>>} ends  Of the signals that are old, when they came last, in milliseconds.
 * @returns {import('../app/columns.js').Columns}
 */
export function endingAt(columns, ends) {
  const signals = { ...columns.signals };
  for (const [key, end] of Object.entries(ends)) {
    const cut = (/** @type {import('../app/columns.js').Column} */ column) => column.map((value, i) => (columns.time[i] * 1000 <= end ? value : null));
    const { value, low, high } = signals[key] ?? { value: [], low: [], high: [] };
    signals[key] = { value: cut(value), low: cut(low), high: cut(high) };
  }
  return { ...columns, signals };
}

// @ts-check
import { distanceText } from './distance.js';
import { BEHIND } from './freshness.js';
import { iso } from './history.js';
import { send } from './send.js';

// The last drive may have begun the day before.
const BACK = 48 * 3_600_000;

/** Asks how far a parked car last went. */
export class LastDrive {
  #store;
  #asked = '';

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** @param {import('./view.js').View} view */
  tend({ vehicleId, state, heard, dated, timestamp }) {
    if (vehicleId === null || state !== 'offline' || !heard || !dated) return;
    const asked = `${vehicleId} ${timestamp}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    // The store is written in batches.
    setTimeout(() => this.#ask(vehicleId, timestamp), Math.max(0, BEHIND - (Date.now() - timestamp)));
  }

  /**
   * @param {number} vehicleId
   * @param {number} timestamp
   */
  async #ask(vehicleId, timestamp) {
    const { body } = await send('GET', `drives?${new URLSearchParams({ vehicle_id: String(vehicleId), from: iso(timestamp - BACK), to: iso(timestamp + 1000) })}`);
    const distance = Array.isArray(body) ? body.at(-1)?.distance_km : null;
    if (Number.isFinite(distance)) this.#store.setLastDrive(vehicleId, distanceText(distance));
  }
}

// @ts-check
import { extentInAddress } from './live-extent.js';
import { Trail } from './trail.js';

/** One trail per vehicle, so that looking at another vehicle loses nothing, and two never mix. */
export class Trails {
  /** @type {Map<number, Trail>} */
  #byVehicle = new Map();
  extent = extentInAddress();

  /** @param {import('../app/store.js').Vehicle} message */
  add(message) {
    this.of(message.vehicleId).add(message);
  }

  /** Begins anew. */
  clear() {
    this.#byVehicle.clear();
  }

  /** @param {number} id */
  of(id) {
    const trail = this.#byVehicle.get(id) ?? new Trail(this.extent);
    this.#byVehicle.set(id, trail);
    return trail;
  }
}

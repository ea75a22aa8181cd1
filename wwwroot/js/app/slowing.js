// @ts-check

/** It slows down from the first on, and until the second, in km/h a second. */
const LIMITS = [-2.2, -0.9];
const SHORTEST = 1500;

/** Tells from its speeds if a vehicle slows down, as its brake lamps would. */
export class Slowing {
  #vehicleId = /** @type {number | null} */ (null);
  #speed = /** @type {number | null} */ (null);
  #at = 0;
  #until = 0;

  /**
   * @param {import('./view.js').View} view
   * @returns {boolean}
   */
  hear({ vehicleId, data, state, timestamp, now }) {
    const speed = data?.vehicle_speed ?? null;
    const passed = timestamp - this.#at;
    const isNext = vehicleId === this.#vehicleId && this.#speed !== null && speed !== null && passed > 0;
    if (!isNext || speed !== this.#speed) {
      const rate = isNext ? (speed - /** @type {number} */ (this.#speed)) / passed * 1000 : 0;
      this.#until = rate < LIMITS[now < this.#until ? 1 : 0] ? timestamp + Math.max(SHORTEST, 2 * passed) : 0;
      [this.#vehicleId, this.#speed, this.#at] = [vehicleId, speed, timestamp];
    }
    return state === 'running' && now < this.#until;
  }
}

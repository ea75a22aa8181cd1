// @ts-check

/** @typedef {import('./store.js').Vehicle} Vehicle */

const SNAPSHOT = 250;

/** Which vehicle the page shows: the one that the user chose, otherwise the most alive one of the first snapshot. */
export class Selection {
  #chosen;
  /** @type {number | null} */
  #found = null;
  #seen = new Set();
  #settled = false;
  #settleAt = Infinity;

  /** @param {number | null} chosen */
  constructor(chosen) {
    this.#chosen = chosen;
  }

  get current() {
    return this.#chosen ?? this.#found;
  }

  get isChoice() {
    return this.#chosen !== null;
  }

  /** @param {number} id */
  choose(id) {
    this.#chosen = id;
  }

  /**
   * The server sends one message per vehicle before anything else, so a vehicle's second message ends the snapshot.
   * After it the page stays where it is, unless it shows a vehicle that has never been heard.
   * @param {ReadonlyMap<number, Vehicle>} vehicles
   * @param {Vehicle} newest
   * @param {number} now
   */
  consider(vehicles, newest, now) {
    if (this.#seen.size === 0) this.#settleAt = now + SNAPSHOT;
    this.#settled ||= this.#seen.has(newest.vehicleId) || now > this.#settleAt;
    this.#seen.add(newest.vehicleId);
    const found = this.#found === null ? undefined : vehicles.get(this.#found);
    if (!this.#settled || !found) this.#found = mostAlive(vehicles.values());
    else if (!found.heard && newest.state === 'running') this.#found = newest.vehicleId;
  }
}

/** @param {Iterable<Vehicle>} vehicles */
function mostAlive(vehicles) {
  return [...vehicles].sort(byLife)[0]?.vehicleId ?? null;
}

/**
 * A vehicle never heard is dated by the server's start, which says nothing about it: it comes last.
 * @param {Vehicle} a
 * @param {Vehicle} b
 */
function byLife(a, b) {
  return Number(b.state === 'running') - Number(a.state === 'running')
    || Number(b.heard) - Number(a.heard)
    || b.timestamp - a.timestamp
    || a.vehicleId - b.vehicleId;
}

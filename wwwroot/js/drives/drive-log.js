// @ts-check
import { ask } from '../ask.js';
import { Backoff } from '../backoff.js';
import { askLatest } from '../find-vehicle.js';
import { iso } from '../history.js';
import { utc } from '../message.js';
import { word } from '../words.js';

/**
 * @typedef {object} Drive  Times in milliseconds.
 * @property {number} vehicleId
 * @property {number} start
 * @property {number} end         After its last reading.
 * @property {number | null} distance  Kilometres.
 * @property {number | null} maxSpeed
 * @property {number} readings
 */

const DAY = 86_400_000;
const MONTH = 30 * DAY;

/** The drives of a vehicle since some day, the newest first. Fires `change`. */
export class DriveLog extends EventTarget {
  #backoff = new Backoff();
  #asked = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** Null: the one that was heard last, as soon as the server tells which. @type {number | null} */
  vehicleId = null;
  since = 0;
  /** @type {readonly Drive[]} */
  list = [];
  /** @type {'loading' | 'ready' | 'error'} */
  status = 'loading';
  /** Why there is an error, for people. */
  problem = '';
  /** When the server is asked again after an error, as of performance.now(). */
  retryAt = 0;

  /**
   * @param {number | null} vehicleId
   * @param {number} since
   */
  choose(vehicleId, since) {
    if (vehicleId !== this.vehicleId) this.list = [];
    this.vehicleId = vehicleId;
    this.since = since;
    return this.load();
  }

  earlier() {
    return this.choose(this.vehicleId, this.since - MONTH);
  }

  async load() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    this.#tell('loading');
    try {
      const id = this.vehicleId ?? await heardLast();
      if (signal.aborted) return;
      this.vehicleId = id;
      const list = await fetchDrives(id, this.since, signal);
      if (signal.aborted) return;
      this.#backoff.opened();
      this.list = list;
      this.#tell('ready');
    } catch (error) {
      if (signal.aborted) return;
      const delay = this.#backoff.next();
      this.retryAt = performance.now() + delay;
      this.#timer = setTimeout(() => this.load(), delay);
      this.#tell('error', /** @type {Error} */ (error).message);
    }
  }

  /**
   * The drive of a moment, otherwise the nearest one.
   * @param {number} at
   * @returns {Drive | null}
   */
  of(at) {
    const away = (/** @type {Drive} */ { start, end }) => Math.max(0, start - at, at - end);
    return this.list.reduce((/** @type {Drive | null} */ nearest, drive) => (nearest && away(nearest) <= away(drive) ? nearest : drive), null);
  }

  /**
   * @param {DriveLog['status']} status
   * @param {string} [problem]
   */
  #tell(status, problem = '') {
    this.status = status;
    this.problem = problem;
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * From when on the drives are listed at first.
 * @param {number} now
 * @param {number | null} moment  That should be among them.
 */
export function usualSince(now, moment) {
  return Math.min(now - MONTH, (moment ?? Infinity) - DAY);
}

async function heardLast() {
  const latest = await askLatest().catch(() => null);
  if (!latest) throw new Error(word('history.unreachable'));
  return latest.vehicleId;
}

/**
 * @param {number} vehicleId
 * @param {number} since
 * @param {AbortSignal} cancelled
 * @returns {Promise<Drive[]>}
 */
async function fetchDrives(vehicleId, since, cancelled) {
  const url = new URL('drives', document.baseURI);
  // To tomorrow, should this clock be behind.
  url.search = String(new URLSearchParams({ vehicle_id: String(vehicleId), from: iso(since), to: iso(Date.now() + DAY) }));
  const body = await ask(url, cancelled);
  if (!Array.isArray(body)) throw new Error(word('history.unreadable'));
  return body.map(driveOf).filter(({ start, end }) => start < end).reverse();
}

/**
 * @param {any} item
 * @returns {Drive}
 */
function driveOf(item) {
  return {
    vehicleId: item.vehicle_id,
    start: utc(item.start),
    // A millisecond more: it is cut off after three decimals, and a range does not hold its end.
    end: utc(item.end) + 1,
    distance: item.distance_km,
    maxSpeed: item.max_speed,
    readings: item.readings,
  };
}

// @ts-check
import { Backoff } from '../app/backoff.js';
import { daysBefore, startOfDay } from '../app/calendar.js';
import { askFirst } from '../app/find-vehicle.js';
import { ask, iso } from '../app/history.js';
import { utc } from '../app/message.js';
import { word } from '../app/words.js';

/**
 * @typedef {object} Drive  Times in milliseconds.
 * @property {number} vehicleId
 * @property {number} start
 * @property {number} end         After its last reading.
 * @property {number | null} distance  Kilometres.
 * @property {number | null} maxSpeed
 * @property {number} readings
 */

// No pause is longer that ends a drive.
const DAY = 86_400_000;
const MONTH_DAYS = 30;
// More than this the server does not look through at once.
const MOST = 366 * DAY;
// The first readings come one after the other.
const FIRST = 1000;

/** The drives of a vehicle in some weeks, the newest first. Fires `change`. */
export class DriveLog extends EventTarget {
  #backoff = new Backoff();
  #asked = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Asks once more what had no answer. */
  #again = () => {};

  /** Null: the one that the server names, once the server has answered. @type {number | null} */
  vehicleId = null;
  /** From when on the drives are known. */
  since = 0;
  /** Up to when; Infinity: to this day. */
  until = Infinity;
  /** @type {readonly Drive[]} */
  list = [];
  /** @type {'loading' | 'ready' | 'error'} */
  status = 'loading';
  /** Why there is an error, for people. */
  problem = '';
  /** When the server is asked again after an error, as of performance.now(). */
  retryAt = 0;

  /**
   * The drives of the last weeks, or of those around a moment.
   * @param {number | null} vehicleId
   * @param {number | null} moment
   */
  choose(vehicleId, moment) {
    const now = Date.now();
    this.vehicleId = vehicleId;
    this.since = Math.min(monthBefore(now), (moment ?? Infinity) - DAY);
    this.until = this.since + MOST < now ? this.since + MOST : Infinity;
    this.list = [];
    this.#load({ from: this.since, to: this.until }, []);
  }

  /** A month further back. The oldest drive is asked for once more where it may have begun before what was looked through. */
  earlier() {
    const oldest = this.list.at(-1);
    const cut = oldest && oldest.start - this.since < DAY ? oldest : null;
    const to = cut?.end ?? this.since;
    const since = monthBefore(this.since);
    this.#load({ from: since, to: Math.min(to, since + MOST) }, cut ? this.list.slice(0, -1) : this.list);
  }

  retry() {
    this.#again();
  }

  /** Looks whether today's drive has gone on, or another one has begun. */
  async refresh() {
    if (this.status !== 'ready' || this.until < Infinity || this.vehicleId === null) return;
    const { signal } = this.#asked;
    const [last, ...older] = this.list;
    const from = Math.max(last?.start ?? this.since, Date.now() - MOST + DAY);
    const newest = await fetchDrives(this.vehicleId, { from, to: this.until }, signal).catch(() => null);
    if (!newest || signal.aborted || newest.at(0)?.end === last?.end) return;
    this.list = [...newest, ...(last && last.start < from ? this.list : older)];
    this.#setStatus('ready');
  }

  /**
   * @param {import('../app/history.js').Span} span
   * @param {readonly Drive[]} newer  Known already.
   */
  async #load(span, newer) {
    this.#again = () => this.#load(span, newer);
    clearTimeout(this.#timer);
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    this.#setStatus('loading');
    try {
      const id = this.vehicleId ?? await firstVehicle();
      if (signal.aborted) return;
      this.vehicleId = id;
      const older = await fetchDrives(id, span, signal);
      if (signal.aborted) return;
      this.#backoff.opened();
      this.since = span.from;
      this.list = [...newer, ...older];
      this.#setStatus('ready');
    } catch (error) {
      if (signal.aborted) return;
      const delay = this.#backoff.next();
      this.retryAt = performance.now() + delay;
      this.#timer = setTimeout(this.#again, delay);
      this.#setStatus('error', /** @type {Error} */ (error).message);
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
  #setStatus(status, problem = '') {
    this.status = status;
    this.problem = problem;
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * Start position of an opened drive: the vehicle has sent something by then.
 * @param {Drive} drive
 */
export function beginningOf({ start, end }) {
  return Math.min(start + FIRST, end);
}

/** @param {number} at */
function monthBefore(at) {
  return startOfDay(daysBefore(at, MONTH_DAYS));
}

async function firstVehicle() {
  const latest = await askFirst().catch(() => null);
  if (!latest) throw new Error(word('history.unreachable'));
  return latest.vehicleId;
}

/**
 * @param {number} vehicleId
 * @param {import('../app/history.js').Span} span
 * @param {AbortSignal} cancelled
 * @returns {Promise<Drive[]>}
 */
async function fetchDrives(vehicleId, { from, to }, cancelled) {
  const url = new URL('drives', document.baseURI);
  url.search = String(new URLSearchParams({ vehicle_id: String(vehicleId), from: iso(from), to: iso(Math.min(to, Date.now() + FIRST)) }));
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

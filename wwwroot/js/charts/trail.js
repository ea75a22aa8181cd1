// @ts-check
import { perSignal } from '../app/columns.js';
import { shownKeys } from '../app/signals.js';
import { MINUTES, REACH } from './live-extent.js';

/**
 * @typedef {import('../app/message.js').Data} Data
 * @typedef {import('../app/history.js').Span} Span
 * @typedef {{ time: number, bucket: number, value: Data, low: Data, high: Data }} Point  time in milliseconds; bucket 0: a live message.
 */

/** The last points of one vehicle. It never stops collecting, whatever is drawn of it. */
export class Trail {
  #extent;
  /** @type {Point[]} */
  #points = [];
  #connection = -1;
  /** How many points ever came in live. */
  total = 0;
  /** Differs after every change. */
  version = 0;
  /**
   * Time without a connection, to be filled from the store. Replaced, never modified.
   * @type {Readonly<Span> | null}
   */
  hole = null;

  /** @param {import('./live-extent.js').Extent} [extent] */
  constructor(extent = MINUTES) {
    this.#extent = extent;
  }

  /** @param {import('../app/message.js').Message & { connection: number }} message */
  add({ timestamp: time, data, connection }) {
    if (shownKeys().every((key) => (data[key] ?? null) === null)) {
      this.#connection = connection;
      return;
    }
    const heard = this.#points.at(-1)?.time ?? -Infinity;
    // Going offline, and each new connection, repeat the last values with their old time: the same point again.
    while ((this.#points.at(-1)?.time ?? -Infinity) >= time) {
      this.#points.pop();
      this.total--;
    }
    if (connection !== this.#connection) this.#missed(heard, time);
    this.#connection = connection;
    this.#put([...this.#points, { time, bucket: 0, value: data, low: data, high: data }]);
    this.total++;
  }

  /**
   * Fills the gap with stored data, replacing earlier fill-ins.
   * @param {Readonly<Span>} hole
   * @param {import('../app/history.js').History} history
   */
  fill({ from, to }, { time, bucket, signals }) {
    const keys = Object.keys(signals);
    const before = this.#points.filter((point) => point.time < from);
    const after = this.#points.filter((point) => point.time >= to);
    // Skip the bucket of the first live point: it would show that point twice.
    const repeats = (/** @type {number} */ i) => (time[i] + bucket) * 1000 > to && keys.every((key) =>
      signals[key].avg[i] === null || (signals[key].min[i] === after[0]?.value[key] && signals[key].max[i] === after[0]?.value[key]));
    let last = before.at(-1)?.value ?? perSignal(() => /** @type {number | null} */ (null), keys);
    // As in live messages, a signal keeps its value until the next one.
    const missed = time.flatMap((at, i) => {
      if (at * 1000 >= to || repeats(i) || keys.every((key) => signals[key].avg[i] === null)) return [];
      const kept = last;
      last = perSignal((key) => signals[key].avg[i] ?? kept[key], keys);
      const [low, high] = /** @type {const} */ (['min', 'max']).map((end) => perSignal((key) => signals[key][end][i] ?? kept[key], keys));
      return [{ time: at * 1000, bucket: bucket * 1000, value: last, low, high }];
    });
    this.#put([...before, ...missed, ...after]);
  }

  /**
   * With an empty row in each silence longer than `gap` milliseconds, so that no line bridges it.
   * @param {number} gap
   * @returns {import('../app/columns.js').Columns}
   */
  columns(gap) {
    /** @type {[number, number][]} */
    const silent = [];
    const rows = this.#points.flatMap((point, i, all) => {
      const before = all[i - 1];
      if (!before || point.time - before.time <= Math.max(gap, before.bucket * 1.5)) return [point];
      silent.push([(before.time + before.bucket) / 1000, point.time / 1000]);
      return [{ time: (before.time + point.time) / 2 }, point];
    });
    const column = (/** @type {'value' | 'low' | 'high'} */ part, /** @type {import('../app/signals.js').SignalKey} */ key) =>
      rows.map((row) => (part in row ? /** @type {Point} */ (row)[part][key] ?? null : null));
    return {
      time: rows.map((row) => row.time / 1000),
      bucket: 0,
      signals: perSignal((key) => ({ value: column('value', key), low: column('low', key), high: column('high', key) })),
      silent,
      span: this.#span,
    };
  }

  /** The time that the charts show, in seconds: it scrolls with the newest point. @returns {[number, number] | undefined} */
  get #span() {
    const newest = this.#points.at(-1);
    if (!newest || !this.#extent.isTimed) return undefined;
    return [(newest.time - REACH) / 1000, newest.time / 1000];
  }

  /**
   * @param {number} heard  Time of the last message on the old connection.
   * @param {number} to     Time of the first message on the new one.
   */
  #missed(heard, to) {
    const since = Math.min(heard + 1, this.hole?.from ?? Infinity);
    const from = Math.max(since, to - REACH);
    // After a long absence start over; never draw a line across unknown hours.
    if (heard + 1 < from) this.#points = [];
    if (from < to) this.hole = { from, to };
  }

  /** @param {Point[]} points */
  #put(points) {
    const kept = this.#extent.keep(points);
    // Joined points leave the list shorter, and its beginning where it is.
    if (this.hole && kept.length > 0 && kept[0].time > points[0].time && kept[0].time >= this.hole.to) this.hole = null;
    this.#points = kept;
    this.version++;
  }
}

// @ts-check
import { SIGNAL_KEYS } from './signals.js';

/**
 * @typedef {import('./signals.js').SignalKey} SignalKey
 * @typedef {(number | null)[]} Column
 * @typedef {{ time: number[], values: Record<SignalKey, Column> }} Columns  time in seconds, as the charts take it.
 */

const LENGTH = 60;

/** The last points of one vehicle, in columns. It never stops collecting, whatever is drawn of it. */
export class Trail {
  /** @type {number[]} */
  #time = [];
  #values = /** @type {Record<SignalKey, Column>} */ (Object.fromEntries(SIGNAL_KEYS.map((key) => [key, /** @type {Column} */ ([])])));
  /** How many points ever came in. */
  total = 0;
  /** Differs after every change. */
  version = 0;

  /** @param {import('./message.js').Message} message */
  add({ timestamp, data }) {
    if (SIGNAL_KEYS.every((key) => data[key] === null)) return;
    const time = timestamp / 1000;
    // Going offline, and each new connection, repeat the last values at their old time: the same point once more.
    while (this.#time.length > 0 && this.#time[this.#time.length - 1] >= time) {
      this.#each((column) => column.pop());
      this.total--;
    }
    this.#time.push(time);
    for (const key of SIGNAL_KEYS) this.#values[key].push(data[key]);
    if (this.#time.length > LENGTH) this.#each((column) => column.shift());
    this.total++;
    this.version++;
  }

  /**
   * A copy, with an empty row in each silence longer than `gap` seconds, so that no line bridges it.
   * @param {number} gap
   * @returns {Columns}
   */
  columns(gap) {
    const time = this.#time;
    const silent = time.flatMap((at, i) => (i > 0 && at - time[i - 1] > gap ? [i] : []));
    /** @template T @param {T[]} column @param {(i: number) => T} filler */
    const spread = (column, filler) => column.flatMap((x, i) => (silent.includes(i) ? [filler(i), x] : [x]));
    return {
      time: spread(time, (i) => (time[i - 1] + time[i]) / 2),
      values: /** @type {Record<SignalKey, Column>} */ (Object.fromEntries(
        SIGNAL_KEYS.map((key) => [key, spread(this.#values[key], () => null)]))),
    };
  }

  /** @param {(column: unknown[]) => void} change */
  #each(change) {
    change(this.#time);
    for (const key of SIGNAL_KEYS) change(this.#values[key]);
  }
}

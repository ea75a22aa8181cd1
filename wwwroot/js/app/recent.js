// @ts-check
/** How far back it reaches, in milliseconds. */
export const REACH = 120_000;
const STEP = 1000;

/** @typedef {{ time: number, value: number }} Point  time in milliseconds. */

/** The last two minutes of the shown vehicle, a point a second: what the sparklines draw. */
export class Recent {
  /** @type {Map<import('./signals.js').SignalKey, Point[]>} */
  #points = new Map();

  /** @param {import('./message.js').Message} message */
  add({ data, timestamp }) {
    for (const [key, value] of Object.entries(data)) {
      const points = this.#of(key);
      const last = points.at(-1);
      if (value === null || (last && timestamp < last.time)) continue;
      if (last && Math.floor(last.time / STEP) === Math.floor(timestamp / STEP)) points.pop();
      points.push({ time: timestamp, value });
      while (points[0].time < timestamp - REACH) points.shift();
    }
  }

  /**
   * Puts what the store holds between the points that came in by themselves.
   * @param {import('./history.js').History} history
   */
  fill({ time, signals }) {
    for (const key of Object.keys(signals)) {
      const stored = time.flatMap((at, i) => {
        const value = signals[key]?.avg[i] ?? null;
        return value === null ? [] : [{ time: at * 1000, value }];
      });
      const bySecond = new Map([...stored, ...this.#of(key)].map((point) => [Math.floor(point.time / STEP), point]));
      const points = [...bySecond.values()].sort((a, b) => a.time - b.time);
      this.#points.set(key, points.filter((point) => point.time >= points[points.length - 1].time - REACH));
    }
  }

  clear() {
    this.#points.clear();
  }

  /** @param {import('./signals.js').SignalKey} key */
  of(key) {
    return /** @type {readonly Point[]} */ (this.#points.get(key) ?? []);
  }

  /** @param {import('./signals.js').SignalKey} key */
  #of(key) {
    const points = this.#points.get(key) ?? [];
    this.#points.set(key, points);
    return points;
  }
}

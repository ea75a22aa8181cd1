// @ts-check
import { NO_COLUMNS, isKnown } from '../app/columns.js';
import { REACH } from '../app/recent.js';

/**
 * @typedef {import('../app/columns.js').Columns} Columns
 * @typedef {import('../app/signals.js').SignalKey} SignalKey
 * @typedef {{ points: import('../app/recent.js').Point[], limit: number }} Course
 */

const TURNS = 3;
const LEAST = 5000;

/** A whole drive as the store holds it, looked at from one moment: the last minutes before it, and how old each value was then. */
export class Track {
  /** @type {Map<SignalKey, Course>} */
  #courses = new Map();
  columns = NO_COLUMNS;
  now = 0;

  /** @param {Columns} columns */
  learn(columns) {
    if (columns === this.columns) return;
    this.columns = columns;
    this.#courses = new Map(Object.entries(columns.signals).map(([key, { value }]) => [key, courseOf(columns, value)]));
  }

  /** The longest time between two points of one line, in milliseconds. */
  get gap() {
    return Math.max(0, ...[...this.#courses.values()].map(({ limit }) => limit));
  }

  /** @param {SignalKey} key */
  of(key) {
    const points = this.#courses.get(key)?.points ?? [];
    const end = after(points, this.now);
    return points.slice(after(points, this.now - REACH), end);
  }

  /**
   * See Freshness.
   * @param {SignalKey} key
   * @param {number} now
   * @param {number} until
   */
  oldAge(key, now, until) {
    const course = this.#courses.get(key);
    const last = course?.points[after(course.points, this.now) - 1];
    if (!course || !last) return null;
    const end = last.time + this.columns.bucket * 1000;
    return Math.min(now, until) - end > course.limit ? now - end : null;
  }
}

/**
 * @param {Columns} columns
 * @param {import('../app/columns.js').Column} column
 * @returns {Course}
 */
function courseOf({ time }, column) {
  const points = column.flatMap((value, i) => (isKnown(value) ? [{ time: time[i] * 1000, value }] : []));
  const steps = points.slice(1).map((point, i) => point.time - points[i].time).sort((a, b) => a - b);
  return { points, limit: Math.max(LEAST, TURNS * (steps[steps.length >> 1] ?? 0)) };
}

/**
 * How many points are at or before a moment.
 * @param {readonly { time: number }[]} points
 * @param {number} at
 */
function after(points, at) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].time <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

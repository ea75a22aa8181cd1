// @ts-check
import { perSignal } from '../app/columns.js';

/**
 * The live points that are kept and shown.
 * @typedef {import('./trail.js').Point} Point
 *
 * @typedef {object} Extent
 * @property {'minutes' | 'points' | 'all'} id
 * @property {boolean} isTimed   The charts show a fixed time, not from the first point to the last.
 * @property {number} filled     Points that the store fills a gap with, at most.
 * @property {(points: Point[]) => Point[]} keep
 */

/** How far back the live view reaches, in milliseconds. */
export const REACH = 300_000;

/** Points that stay as they came. */
const NEWEST = 60;
const SECOND = 1000;
/** As many as the fastest stream sends in that time. */
const MAX_POINTS = 7500;

/** The last five minutes: the newest points as they came, older ones one a second. @type {Extent} */
export const MINUTES = {
  id: 'minutes', isTimed: true, filled: REACH / SECOND,
  keep: (points) => [...bySecond(recent(points).slice(0, -NEWEST)), ...recent(points).slice(-NEWEST)],
};

/** @type {Extent} */
const POINTS = { id: 'points', isTimed: false, filled: NEWEST - 1, keep: (points) => points.slice(-NEWEST) };

/** Every point of the last five minutes. @type {Extent} */
const ALL = { id: 'all', isTimed: true, filled: REACH / SECOND, keep: (points) => recent(points).slice(-MAX_POINTS) };

export const EXTENTS = Object.freeze([MINUTES, POINTS, ALL]);

const PARAMETER = 'live';

/** The extent that the page's address names: `live=points`, `live=all`; otherwise minutes. */
export function extentInAddress() {
  const named = new URL(location.href).searchParams.get(PARAMETER);
  return EXTENTS.find(({ id }) => id === named) ?? MINUTES;
}

/** @param {Extent} extent */
export function putExtentInAddress({ id }) {
  const url = new URL(location.href);
  if (id === MINUTES.id) url.searchParams.delete(PARAMETER);
  else url.searchParams.set(PARAMETER, id);
  history.replaceState(history.state, '', url);
}

/** @param {Point[]} points */
function recent(points) {
  const since = (points.at(-1)?.time ?? 0) - REACH;
  const first = points.findIndex(({ time }) => time >= since);
  return first > 0 ? points.slice(first) : points;
}

/**
 * The points of one second are one: the last value, between the lowest and the highest.
 * @param {Point[]} points
 */
function bySecond(points) {
  /** @type {Point[]} */
  const seconds = [];
  for (const point of points) {
    const last = seconds.at(-1);
    if (!last || Math.floor(last.time / SECOND) !== Math.floor(point.time / SECOND)) seconds.push(point);
    else seconds[seconds.length - 1] = joined(last, point);
  }
  return seconds;
}

/**
 * @param {Point} first
 * @param {Point} second
 * @returns {Point}
 */
function joined(first, second) {
  const keys = Object.keys(second.value);
  const extreme = (/** @type {'min' | 'max'} */ which, /** @type {number | null} */ a, /** @type {number | null} */ b) =>
    (a === null || b === null ? a ?? b : Math[which](a, b));
  return {
    time: first.time,
    bucket: SECOND,
    value: second.value,
    low: perSignal((key) => extreme('min', first.low[key] ?? null, second.low[key] ?? null), keys),
    high: perSignal((key) => extreme('max', first.high[key] ?? null, second.high[key] ?? null), keys),
  };
}

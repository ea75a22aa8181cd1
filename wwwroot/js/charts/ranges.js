// @ts-check
import { hourCycle } from '../app/units.js';
import { daysBefore } from '../app/calendar.js';
import { locale, word } from '../app/words.js';

/**
 * What the charts show: the live points, a time until now, or the time between two moments.
 * @typedef {object} Range
 * @property {string} id
 * @property {string} label
 * @property {string} title
 * @property {number} length  Milliseconds until now; 0: not that kind.
 * @property {number} [days]  It begins at this time of day, so many days ago: not of 24 hours each, when the clocks change.
 * @property {number} points  Buckets: each of a round length, and in the longest ranges still wide enough to show a short drive.
 * @property {Readonly<import('../app/history.js').Span>} [span]
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** @type {Range} */
export const LIVE = { id: 'live', label: word('range.live'), title: word('range.live.title'), length: 0, points: 0 };

/** @type {readonly Range[]} */
export const UNTIL_NOW = [
  { id: '15m', label: word('range.15m'), title: word('range.15m.title'), length: 15 * MINUTE, points: 360 },
  { id: '1h', label: word('range.1h'), title: word('range.1h.title'), length: HOUR, points: 360 },
  { id: '24h', label: word('range.24h'), title: word('range.24h.title'), length: 24 * HOUR, points: 288 },
  { id: '7d', label: word('range.7d'), title: word('range.7d.title'), length: 7 * 24 * HOUR, days: 7, points: 168 },
];

export const CUSTOM = 'custom';

const written = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle });

/**
 * @param {number} from
 * @param {number} to
 * @returns {Range}
 */
export function between(from, to) {
  const title = from < to ? written.formatRange(from, to) : `${written.format(from)} – ${written.format(to)}`;
  return { id: CUSTOM, label: word('range.custom'), title, length: 0, points: 300, span: { from, to } };
}

/**
 * The time that a range means at this moment. It moves on by whole buckets, so that a chart does not tremble.
 * @param {Range} range
 * @param {number} now
 * @returns {Readonly<import('../app/history.js').Span>}
 */
export function spanOf({ span, length, days, points }, now) {
  if (span) return span;
  const bucket = length / points;
  const to = Math.ceil(now / bucket) * bucket;
  return { from: days ? daysBefore(to, days) : to - length, to };
}

/**
 * Buckets of a span of this range.
 * @param {Range} range
 * @param {Readonly<import('../app/history.js').Span>} span
 */
export function pointsOf({ length, days, points }, { from, to }) {
  return days ? Math.round((to - from) / (length / points)) : points;
}

/**
 * A range between two moments to begin with: what is on the screen, in whole minutes.
 * @param {Range} shown
 * @param {number} now
 */
export function likeShown({ length, days, span }, now) {
  if (span) return between(span.from, span.to);
  const to = Math.ceil(now / MINUTE) * MINUTE;
  return between(days ? daysBefore(to, days) : to - (length || HOUR), to);
}

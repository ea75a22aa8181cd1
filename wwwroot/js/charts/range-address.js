// @ts-check
import { iso } from '../app/history.js';
import { LIVE, UNTIL_NOW, between } from './ranges.js';

/** The range that the page's address names: `range=1h`, or `from` and `to` in UTC; otherwise live. */
export function rangeInAddress() {
  const query = new URL(location.href).searchParams;
  const [from, to] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
  if (!Number.isNaN(from) && !Number.isNaN(to)) return between(from, to);
  return UNTIL_NOW.find(({ id }) => id === query.get('range')) ?? LIVE;
}

/** @param {import('./ranges.js').Range} range */
export function putRangeInAddress({ id, length, span }) {
  const url = new URL(location.href);
  for (const name of ['range', 'from', 'to']) url.searchParams.delete(name);
  if (length > 0) url.searchParams.set('range', id);
  if (span) {
    url.searchParams.set('from', iso(span.from));
    url.searchParams.set('to', iso(span.to));
  }
  history.replaceState(history.state, '', url);
}

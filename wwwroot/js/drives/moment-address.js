// @ts-check
import { iso } from '../app/history.js';

/** The moment that the page's address names: `#t=2026-11-23T10:00:00Z`. */
export function momentInAddress() {
  const at = Date.parse(new URLSearchParams(location.hash.slice(1)).get('t') ?? '');
  return Number.isNaN(at) ? null : at;
}

/** @param {number} at */
export function hashOf(at) {
  return `#t=${iso(at).replace('.000Z', 'Z')}`;
}

/** @param {number} at */
export function putMomentInAddress(at) {
  history.replaceState(history.state, '', hashOf(at));
}

export function dropMomentFromAddress() {
  history.replaceState(history.state, '', location.pathname + location.search);
}

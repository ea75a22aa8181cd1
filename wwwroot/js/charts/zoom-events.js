// @ts-check
import { between } from './ranges.js';

const SHORTEST = 1000;

/**
 * @typedef {object} ZoomSteps
 * @property {(range: import('./ranges.js').Range) => void} zoom
 * @property {() => void} back   One step.
 * @property {() => void} leave  All steps.
 */

/**
 * Turns what charts report of zooms into steps. A stretch of less than a second is none.
 * @param {HTMLElement} charts
 * @param {Element} way    Fires `unzoom`, as the charts do.
 * @param {ZoomSteps} steps
 */
export function followZooms(charts, way, { zoom, back, leave }) {
  charts.addEventListener('zoom', (event) => {
    const { from, to } = /** @type {CustomEvent<import('../app/history.js').Span>} */ (event).detail;
    if (to - from >= SHORTEST) zoom(between(Math.round(from), Math.round(to)));
  });
  charts.addEventListener('dblclick', leave);
  for (const source of [charts, way]) source.addEventListener('unzoom', back);
}

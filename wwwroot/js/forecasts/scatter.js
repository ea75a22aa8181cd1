// @ts-check
import { svg } from '../app/svg.js';
import { shownUnit } from '../app/units.js';
import { word } from '../app/words.js';
import { plain } from './forecast-words.js';

const SIZE = 200;
const EDGE = 28;

/**
 * Forecasts against what came: a dot each, and the line on which both are the same. The newest is the strongest.
 * @param {readonly number[]} values
 * @param {readonly number[]} truths
 * @param {string} unit
 */
export function scatter(values, truths, unit) {
  const all = [...values, ...truths];
  const margin = Math.max((Math.max(...all) - Math.min(...all)) * 0.08, unit === 'V' ? 0.05 : 0.5);
  const [low, high] = [Math.min(...all) - margin, Math.max(...all) + margin];
  const place = (/** @type {number} */ value) => (SIZE - EDGE) * (value - low) / (high - low);
  const x = (/** @type {number} */ value) => (EDGE + place(value)).toFixed(1);
  const y = (/** @type {number} */ value) => (SIZE - EDGE - place(value)).toFixed(1);
  const dots = values.map((value, i) => svg('circle', { class: 'sheet-dot', cx: x(truths[i]), cy: y(value), r: '4', 'fill-opacity': (0.35 + 0.6 * (i + 1) / values.length).toFixed(2) }));
  return svg('svg', { class: 'sheet-chart', viewBox: `0 0 ${SIZE} ${SIZE}` },
    svg('path', { class: 'sheet-frame', d: `M${EDGE} 0V${SIZE - EDGE}H${SIZE}` }),
    svg('path', { class: 'sheet-same', d: `M${x(low)} ${y(low)}L${x(high)} ${y(high)}` }),
    ...dots,
    label(plain(low + margin, unit), EDGE, SIZE - EDGE + 14, 'start'),
    label(plain(high - margin, unit), SIZE, SIZE - EDGE + 14, 'end'),
    label(word('forecasts.came', { unit: shownUnit(unit) }), EDGE + (SIZE - EDGE) / 2, SIZE - 3, 'middle'),
    label(word('forecasts.said', { unit: shownUnit(unit) }), EDGE + 6, 12, 'start'));
}

/**
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} anchor
 */
function label(text, x, y, anchor) {
  const element = svg('text', { class: 'sheet-label', x: String(x), y: String(y), 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

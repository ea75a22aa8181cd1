// @ts-check
import uPlot from '../lib/uPlot.esm.js';
import { TIME_STEPS, axisTime, timeRange, valueRange } from './scales.js';

/** @typedef {any} Plot  A uPlot; its module comes without types. */

/**
 * The colours and sizes that the style sheets give the element, as the canvas needs them.
 * @param {Element} element
 */
export function inkOf(element) {
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  return {
    line: style.color,
    area: style.color.replace('rgb(', 'rgba(').replace(')', ', 0.14)'),
    grid: style.getPropertyValue('--chart-grid').trim(),
    label: style.getPropertyValue('--ink-quiet').trim(),
    font: `${size}px ${style.fontFamily}`,
    size,
  };
}

/**
 * @param {import('./signals.js').SignalKey} key
 * @param {() => ReturnType<typeof inkOf>} ink
 * @param {(index: number | null) => void} onCursor
 */
function optionsOf(key, ink, onCursor) {
  const { size, font } = ink();
  const axis = {
    stroke: () => ink().label,
    font,
    grid: { stroke: () => ink().grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: 320,
    height: 200,
    legend: { show: false },
    padding: [size * 0.75, size * 2, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: 'time', setSeries: false, scales: ['x', null] },
      points: { size: size * 0.7, width: 2, fill: () => ink().line, stroke: () => ink().line },
    },
    scales: {
      x: { time: true, range: (/** @type {Plot} */ plot) => timeRange(plot.data[0]) },
      y: { range: (/** @type {unknown} */ _, /** @type {number} */ min, /** @type {number} */ max) => valueRange(key, min, max) },
    },
    series: [
      {},
      {
        stroke: () => ink().line,
        fill: () => ink().area,
        width: size / 6,
        points: { show: true, filter: lonely, size: size * 0.5, stroke: () => ink().line, fill: () => ink().line },
      },
    ],
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: TIME_STEPS,
        space: size * 7,
        size: size * 2,
        values: (/** @type {Plot} */ plot, /** @type {number[]} */ splits, /** @type {number} */ _, /** @type {number} */ __, /** @type {number} */ step) =>
          labels(plot.data[0], splits, (at) => axisTime(at, step)),
      },
      {
        ...axis,
        space: size * 2.6,
        size: size * 4,
        values: (/** @type {Plot} */ plot, /** @type {number[]} */ splits) => labels(plot.data[1], splits, (value) => String(Number(value.toFixed(2)))),
      },
    ],
    hooks: { setCursor: [(/** @type {Plot} */ plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

/**
 * Without points an axis has nothing to measure, and says nothing.
 * @param {(number | null)[]} column
 * @param {number[]} splits
 * @param {(split: number) => string} write
 */
function labels(column, splits, write) {
  return column.every((value) => value === null) ? [] : splits.map(write);
}

/**
 * An empty plot in `frame`.
 * @param {HTMLElement} frame
 * @param {import('./signals.js').SignalKey} key
 * @param {() => ReturnType<typeof inkOf>} ink  Asked for at every drawing: the colour scheme may change.
 * @param {(index: number | null) => void} onCursor
 * @returns {Plot}
 */
export function plotIn(frame, key, ink, onCursor) {
  return new (/** @type {Plot} */ (uPlot))(optionsOf(key, ink, onCursor), [[], []], frame);
}

/**
 * The points that no line touches, and that would be invisible without a dot.
 * @param {Plot} plot
 * @returns {number[]}
 */
function lonely(plot) {
  /** @type {(number | null)[]} */
  const column = plot.data[1];
  const missing = (/** @type {number} */ i) => (column[i] ?? null) === null;
  return [...column.keys()].filter((i) => !missing(i) && missing(i - 1) && missing(i + 1));
}


// @ts-check
import uPlot from '../../lib/uPlot.esm.js';
import { drawMarks } from './alert-marks.js';
import { drawExpected } from './expected.js';
import { HIGH, LOW, VALUE, drawBars, lonely } from './bands.js';
import { drawSilences } from './silences.js';
import { isKnown, sizeOf } from '../app/columns.js';
import { TIME_STEPS, axisTime } from './chart-times.js';
import { axisValue, valueTicks } from './value-ticks.js';
import { timeRange, valueRange } from '../app/scales.js';
import { make } from '../app/text.js';
import { signalOf } from '../app/signals.js';

/** @typedef {any} Plot  A uPlot, whose module comes without types, and `mark`. */

/**
 * Events of a plot, and the data it requests.
 * @typedef {object} Listener
 * @property {(index: number | null) => void} point       The cursor's place.
 * @property {(from: number, to: number) => void} select  A stretch of time, in seconds, that was dragged over.
 * @property {(time: number) => void} pick                A time, in seconds, that was clicked.
 * @property {() => [number, number][]} silent            See Columns.
 * @property {() => [number, number] | undefined} [span]  See Columns.
 * @property {() => readonly import('./alert-marks.js').Mark[]} marks
 * @property {() => import('./expected.js').Expected | null} [expected]  The line behind the values.
 * @property {() => void} [drawn]                         Everything is drawn, and its places are known.
 * @property {boolean} [isMetric]                        The axis has the server's unit, as rules have.
 * @property {() => number[]} [values]                    Values that must be on the scale, besides those of the line.
 */

/**
 * @param {import('../app/signals.js').SignalKey} key
 * @param {() => import('./ink.js').Ink} ink
 * @param {Listener} listener
 */
function optionsOf(key, ink, listener) {
  const { size, font } = ink();
  const axis = {
    stroke: () => ink().label,
    font,
    grid: { stroke: () => ink().grid, width: 1 },
    ticks: { show: false },
  };
  // A band may be thinner than a pixel at a spike; its edges stay visible.
  const edge = { stroke: () => ink().edge, width: 1, points: { show: false } };
  return {
    width: 320,
    height: 200,
    legend: { show: false },
    padding: [size * 0.75, size * 2, 0, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: size },
      sync: { key: 'time', setSeries: false, scales: ['x', null] },
      points: { size: onLine(size * 0.7), width: onLine(2), fill: () => ink().line, stroke: () => ink().line },
    },
    scales: {
      x: { time: true, range: (/** @type {Plot} */ plot) => listener.span?.() ?? timeRange(plot.data[0]) },
      y: { range: (/** @type {unknown} */ _, /** @type {number} */ min, /** @type {number} */ max) => valueRange(key, ...extended(min, max, listener.values?.() ?? [])) },
    },
    series: [
      {},
      {
        stroke: () => ink().line,
        // An area that does not begin at zero says something wrong.
        fill: (/** @type {Plot} */ plot) => (plot.scales.y.min === 0 ? ink().area : 'transparent'),
        width: size / 6,
        points: { show: true, filter: lonely, size: size * 0.5, stroke: () => ink().line, fill: () => ink().line },
      },
      edge,
      edge,
    ],
    bands: [{ series: [HIGH, LOW], fill: () => ink().band }],
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
        splits: (/** @type {Plot} */ plot, /** @type {number} */ _, /** @type {number} */ min, /** @type {number} */ max, /** @type {number} */ step, /** @type {number} */ space) =>
          valueTicks(unitIn(listener, key), min, max, (step * size * 2.6) / space, sizeIn(plot)),
        size: (/** @type {Plot} */ _, /** @type {string[] | null} */ texts) => size * Math.max(4, 1.6 + 0.6 * Math.max(0, ...(texts ?? []).map((text) => text.length))),
        values: (/** @type {Plot} */ plot, /** @type {number[]} */ splits) => labels(plot.data[VALUE], splits, (value) => axisValue(unitIn(listener, key), value, sizeIn(plot))),
      },
    ],
    hooks: {
      drawClear: [(/** @type {Plot} */ plot) => drawSilences(plot, listener.silent(), ink().silent)],
      draw: [(/** @type {Plot} */ plot) => {
        drawBars(plot, ink().edge, size * 0.25);
        drawExpected(plot, listener.expected?.() ?? null, ink());
        drawMarks(plot, listener.marks(), ink());
        listener.drawn?.();
      }],
      setCursor: [(/** @type {Plot} */ plot) => listener.point(plot.cursor.idx ?? null)],
      setSelect: [(/** @type {Plot} */ plot) => select(plot, listener)],
    },
  };
}

/**
 * Empty: values stay as they are.
 * @param {Listener} listener
 * @param {import('../app/signals.js').SignalKey} key
 */
function unitIn({ isMetric }, key) {
  return isMetric ? '' : signalOf(key).unit;
}

/** @param {Plot} plot */
function sizeIn({ data }) {
  return sizeOf({ value: data[VALUE], low: data[LOW], high: data[HIGH] });
}

/**
 * @param {number | null} min
 * @param {number | null} max
 * @param {number[]} values
 * @returns {[number | null, number | null]}
 */
function extended(min, max, values) {
  const all = [min, max, ...values].filter(isKnown);
  return all.length > 0 ? [Math.min(...all), Math.max(...all)] : [null, null];
}

/**
 * The plots of a page share the cursor and the dragged range: only the one below the pointer reports it.
 * @param {Plot} plot
 * @param {Listener} listener
 */
function select(plot, { select: report }) {
  const { left, width } = plot.select;
  if (width === 0) return;
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  if (plot.root.matches(':hover')) report(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
}

/**
 * The cursor marks the line, not the edges of the band.
 * @param {number} size
 */
function onLine(size) {
  return (/** @type {Plot} */ _, /** @type {number} */ series) => (series === VALUE ? size : 0);
}

/**
 * Without points an axis has no labels.
 * @param {import('../app/columns.js').Column} column
 * @param {number[]} splits
 * @param {(split: number) => string} write
 */
function labels(column, splits, write) {
  return !column.some(isKnown) ? [] : splits.map(write);
}

/**
 * An empty plot in `frame`.
 * @param {HTMLElement} frame
 * @param {import('../app/signals.js').SignalKey} key
 * @param {() => import('./ink.js').Ink} ink  Asked for at every drawing: the colour scheme may change.
 * @param {Listener} listener
 * @returns {Plot}
 */
export function plotIn(frame, key, ink, listener) {
  const plot = new (/** @type {Plot} */ (uPlot))(optionsOf(key, ink, listener), [[], [], [], []], frame);
  // Not at the end of a drag, which is no click.
  plot.over.addEventListener('click', (/** @type {MouseEvent} */ { offsetX }) => listener.pick(plot.posToVal(offsetX, 'x')));
  plot.mark = markIn(plot);
  return plot;
}

/**
 * A line across the plot, outside its canvas because it moves with every frame.
 * @param {Plot} plot
 */
function markIn(plot) {
  const line = make('div', 'chart-mark');
  line.hidden = true;
  plot.over.append(line);
  return (/** @type {number | null} */ at) => {
    const time = plot.data[0];
    line.hidden = at === null || time.length < 2 || at < time[0] || at > time[time.length - 1];
    if (!line.hidden) line.style.translate = `${plot.valToPos(at, 'x')}px`;
  };
}

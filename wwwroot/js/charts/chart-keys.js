// @ts-check
import { halfAround } from './chart-times.js';

/**
 * A chart that is used with the keyboard. Times are in seconds.
 * @typedef {object} Keyed
 * @property {() => readonly number[]} times  Of its points.
 * @property {() => number | null} cursor     Index of the cursor's point.
 * @property {(time: number) => void} move
 * @property {(time: number) => void} pick
 * @property {(from: number, to: number) => void} zoom
 * @property {() => void} unzoom
 */

/**
 * Arrows, Home and End move the cursor of a chart, Enter picks its moment, plus and minus zoom.
 * @param {HTMLElement} frame
 * @param {Keyed} chart
 */
export function followKeys(frame, chart) {
  frame.addEventListener('keydown', (event) => {
    const { key } = event;
    const time = chart.times();
    const last = time.length - 1;
    const cursor = chart.cursor();
    const from = cursor ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      chart.move(time[Math.min(last, Math.max(0, to))]);
    }
    if (key === 'Enter' && cursor !== null) chart.pick(time[cursor]);
    if (key === '-' || key === 'Escape') chart.unzoom();
    if ((key === '+' || key === '=') && last > 0) chart.zoom(...halfAround(time, from));
  });
}

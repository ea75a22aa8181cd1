// @ts-check
import { isKnown } from '../app/columns.js';

/** @typedef {import('./plot.js').Plot} Plot */

/** A plot's columns: time, then these. */
export const [VALUE, HIGH, LOW] = [1, 2, 3];

/** Islands this short have a band too thin to be seen. */
const SHORT = 2;

/**
 * The points of a line's stretches between two gaps that have at most so many points.
 * @param {Plot} plot
 * @param {number} longest
 */
function islands(plot, longest) {
  /** @type {import('../app/columns.js').Column} */
  const column = plot.data[VALUE];
  /** @type {number[][]} */
  const found = [];
  let broken = true;
  column.forEach((value, i) => {
    if (isKnown(value) && broken) found.push([i]);
    else if (isKnown(value)) found[found.length - 1].push(i);
    broken = value === null || (broken && !isKnown(value));
  });
  return found.filter((island) => island.length <= longest).flat();
}

/**
 * The points that no line touches, and that would be invisible without a dot.
 * @param {Plot} plot
 */
export function lonely(plot) {
  return islands(plot, 1);
}

/**
 * Joins the lowest and the highest value by a bar where the band has next to no width.
 * @param {Plot} plot
 * @param {string} colour
 * @param {number} width
 */
export function drawBars(plot, colour, width) {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * devicePixelRatio;
  ctx.lineCap = 'round';
  ctx.beginPath();
  for (const i of islands(plot, SHORT)) {
    const x = plot.valToPos(plot.data[0][i], 'x', true);
    ctx.moveTo(x, plot.valToPos(plot.data[LOW][i], 'y', true));
    ctx.lineTo(x, plot.valToPos(plot.data[HIGH][i], 'y', true));
  }
  ctx.stroke();
  ctx.restore();
}

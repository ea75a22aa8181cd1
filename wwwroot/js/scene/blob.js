// @ts-check
import { unit } from './sheet.js';

/** @typedef {import('./spline.js').Point} Point */

/**
 * A rounded block, as rows of points: seats, mirrors, lamps.
 * @param {Point} middle
 * @param {Point} half   Half of its length, height and width.
 * @param {number} round 1: an egg; smaller: a box.
 * @param {number} lean  It leans back by so much of its height.
 */
export function blob(middle, half, round = 0.5, lean = 0, steps = 14) {
  const power = (/** @type {number} */ value, /** @type {number} */ exponent) => Math.sign(value) * Math.abs(value) ** exponent;
  return Array.from({ length: steps + 1 }, (_, i) => Array.from({ length: 2 * steps + 1 }, (__, j) => {
    const [a, b] = [(i / steps - 0.5) * Math.PI, j / steps * Math.PI];
    const at = [power(Math.cos(a), round) * power(Math.cos(b), round), power(Math.sin(a), round), power(Math.cos(a), round) * power(Math.sin(b), round)];
    const facing = [power(Math.cos(a), 2 - round) * power(Math.cos(b), 2 - round), power(Math.sin(a), 2 - round), power(Math.cos(a), 2 - round) * power(Math.sin(b), 2 - round)];
    return {
      point: /** @type {Point} */ ([middle[0] + at[0] * half[0] - at[1] * half[1] * lean, middle[1] + at[1] * half[1], middle[2] + at[2] * half[2]]),
      normal: unit(/** @type {Point} */ (facing.map((value, axis) => value / half[axis]))),
    };
  }));
}

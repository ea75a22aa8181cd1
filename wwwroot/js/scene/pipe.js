// @ts-check
import { cross, unit } from './sheet.js';

/** @typedef {import('./spline.js').Point} Point */

/**
 * A round tube along a smooth way through points: forks, bars, exhausts.
 * @param {Point[]} way
 * @param {number | number[]} thickness  Radius; one at each point if it changes.
 * @param {number} flat  Below 1: it is less wide than high.
 */
export function pipe(way, thickness, flat = 1, steps = 8, around = 14) {
  const radii = typeof thickness === 'number' ? way.map(() => thickness) : thickness;
  const at = (/** @type {number} */ i) => Math.min(Math.max(i, 0), way.length - 1);
  const stations = Array.from({ length: (way.length - 1) * steps + 1 }, (_, k) => {
    const i = Math.min(Math.floor(k / steps), way.length - 2);
    const t = k / steps - i;
    const weights = [-t + 2 * t * t - t ** 3, 2 - 5 * t * t + 3 * t ** 3, t + 4 * t * t - 3 * t ** 3, -t * t + t ** 3].map((weight) => weight / 2);
    const point = /** @type {Point} */ ([0, 1, 2].map((axis) => weights.reduce((sum, weight, j) => sum + weight * way[at(i + j - 1)][axis], 0)));
    return { point, radius: radii[i] + (radii[i + 1] - radii[i]) * t };
  });
  return stations.map(({ point, radius }, k) => {
    const [before, after] = [stations[Math.max(k - 1, 0)].point, stations[Math.min(k + 1, stations.length - 1)].point];
    const ahead = unit(/** @type {Point} */ (after.map((value, axis) => value - before[axis])));
    const aside = unit(cross(ahead, Math.abs(ahead[1]) > 0.95 ? [1, 0, 0] : [0, 1, 0]));
    const up = cross(aside, ahead);
    return Array.from({ length: around + 1 }, (_, j) => {
      const [c, s] = [Math.cos(j / around * 2 * Math.PI), Math.sin(j / around * 2 * Math.PI)];
      const normal = unit(/** @type {Point} */ (aside.map((value, axis) => value * c + up[axis] * s * flat)));
      return { point: /** @type {Point} */ (point.map((value, axis) => value + radius * (aside[axis] * c * flat + up[axis] * s))), normal };
    });
  });
}

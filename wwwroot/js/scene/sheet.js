// @ts-check
import { BufferAttribute, BufferGeometry } from '../../lib/three.js';

/** @typedef {import('./spline.js').Point} Point */
/** @typedef {import('./spline.js').Surface} Surface */

const STEP = 1e-3;

/** Collects triangles of one material, with normals, and makes one geometry of them. */
export class Sheet {
  /** @type {number[]} */
  #positions = [];
  /** @type {number[]} */
  #normals = [];
  /** @type {number[]} */
  #corners = [];

  /**
   * A net of points on a surface, and by default its mirror image on the left.
   * @param {Surface} surface
   * @param {[number, number][][]} places  Rows of u and v.
   * @param {number} lift                  Metres above the surface.
   * @param {boolean} isMirrored
   */
  add(surface, places, lift = 0, isMirrored = true) {
    const points = places.map((row) => row.map(([u, v]) => lifted(surface, u, v, lift)));
    this.weave(points, isMirrored);
    return this;
  }

  /**
   * @param {{ point: Point, normal: Point }[][]} rows
   * @param {boolean} isMirrored
   */
  weave(rows, isMirrored = false) {
    for (const side of isMirrored ? [1, -1] : [1]) {
      const first = this.#positions.length / 3;
      const width = rows[0].length;
      for (const { point, normal } of rows.flat()) {
        this.#positions.push(point[0], point[1], point[2] * side);
        this.#normals.push(normal[0], normal[1], normal[2] * side);
      }
      for (let i = 0; i < rows.length - 1; i++) {
        for (let j = 0; j < width - 1; j++) {
          const at = first + i * width + j;
          this.#corners.push(at, at + width, at + 1, at + 1, at + width, at + width + 1);
        }
      }
    }
    return this;
  }

  get geometry() {
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(this.#positions), 3));
    geometry.setAttribute('normal', new BufferAttribute(new Float32Array(this.#normals), 3));
    geometry.setIndex(new BufferAttribute(new Uint32Array(this.#corners), 1));
    return geometry;
  }
}

/**
 * A point of the surface with its normal, which points away from the middle of the vehicle.
 * @param {Surface} surface
 * @param {number} u
 * @param {number} v
 * @param {number} lift
 * @returns {{ point: Point, normal: Point }}
 */
export function lifted(surface, u, v, lift = 0) {
  const at = surface(u, v);
  const [a, b] = [surface(Math.min(u + STEP, 1), v), surface(Math.max(u - STEP, 0), v)];
  const [c, d] = [surface(u, Math.min(v + STEP, 1)), surface(u, Math.max(v - STEP, 0))];
  const normal = unit(cross(minus(a, b), minus(c, d)));
  return { point: /** @type {Point} */ (at.map((value, axis) => value + normal[axis] * lift)), normal };
}

/**
 * Where the surface is nearest to a point.
 * @param {Surface} surface
 * @param {Point} point
 * @returns {[number, number]}
 */
export function nearest(surface, point) {
  /** @type {[number, number]} */
  let best = [0.5, 0.5];
  for (let [step, reach] = [0.04, 0.5]; step > 2e-4; [step, reach] = [step / 4, step]) {
    const [u0, v0] = best;
    let least = Infinity;
    for (let u = u0 - reach; u <= u0 + reach + 1e-9; u += step) {
      for (let v = v0 - reach; v <= v0 + reach + 1e-9; v += step) {
        if (u < 0 || u > 1 || v < 0 || v > 1) continue;
        const distance = surface(u, v).reduce((sum, value, axis) => sum + (value - point[axis]) ** 2, 0);
        if (distance < least) [least, best] = [distance, [u, v]];
      }
    }
  }
  return best;
}

/**
 * A pane with round corners between four corners near the surface. It goes on over the middle of the vehicle if its first corner is there.
 * @param {Surface} surface
 * @param {[Point, Point, Point, Point]} corners  Along u, then back.
 * @param {number} round  Of the corners, as a part of the half height.
 * @returns {[number, number][][]}
 */
export function pane(surface, corners, round = 0.4, [rows, columns] = [14, 18]) {
  const [a, b, c, d] = corners.map((corner) => nearest(surface, corner));
  return Array.from({ length: rows + 1 }, (_, i) => {
    // Rows are close at the round ends.
    const t = -Math.cos(i / rows * Math.PI);
    const inside = Math.max(0, (Math.abs(t) - (1 - round)) / round);
    const half = 1 - 0.5 * round * (1 - Math.sqrt(Math.max(0, 1 - inside * inside)));
    return Array.from({ length: columns + 1 }, (__, j) => {
      const s = corners[0][2] === 0 ? j / columns * (1 + half) - 1 : (j / columns * 2 - 1) * half;
      const [p, q] = [(s + 1) / 2, (t + 1) / 2];
      return /** @type {[number, number]} */ ([0, 1].map((axis) => (a[axis] * (1 - p) + b[axis] * p) * (1 - q) + (d[axis] * (1 - p) + c[axis] * p) * q));
    });
  });
}

/**
 * A narrow line over the surface through points near it.
 * @param {Surface} surface
 * @param {Point[]} way
 * @param {number} width  In metres.
 * @param {number} lift
 */
export function line(surface, way, width, lift = 0.002, steps = 14) {
  const knots = way.map((point) => nearest(surface, point));
  const path = knots.slice(1).flatMap((to, i) => Array.from({ length: steps }, (_, k) => mixed(knots[i], to, k / steps))).concat([knots[knots.length - 1]]);
  return ribbon(surface, path, width, lift);
}

/**
 * A narrow line over the surface through places on it.
 * @param {Surface} surface
 * @param {[number, number][]} path
 * @param {number} width  In metres.
 * @param {number} lift
 */
export function ribbon(surface, path, width, lift) {
  const middles = path.map(([u, v]) => lifted(surface, u, v, lift));
  return middles.map(({ point, normal }, i) => {
    const along = minus(middles[Math.min(i + 1, middles.length - 1)].point, middles[Math.max(i - 1, 0)].point);
    const aside = unit(cross(normal, along));
    return [-1, 1].map((side) => ({ point: /** @type {Point} */ (point.map((value, axis) => value + side * aside[axis] * width / 2)), normal }));
  });
}

/** @param {[number, number]} a @param {[number, number]} b @param {number} part @returns {[number, number]} */
const mixed = (a, b, part) => [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
/** @param {Point} a @param {Point} b @returns {Point} */
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** @param {Point} a @param {Point} b @returns {Point} */
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @param {Point} a @returns {Point} */
export const unit = ([x, y, z]) => {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
};

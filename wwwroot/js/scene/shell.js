// @ts-check
import { Sheet } from './sheet.js';

/** @typedef {import('./spline.js').Point} Point */
/** @typedef {import('./spline.js').Surface} Surface */
/** @typedef {[number, number]} Place  On a surface: u and v. */

const even = (/** @type {number} */ count, from = 0, to = 1) => Array.from({ length: count + 1 }, (_, i) => from + (to - from) * i / count);

const SPLIT = 0.54;
/** Where the roof begins, in v. */
const RAIL = 0.68;

/**
 * The skin of a body with round openings above its wheels: each line from the sill to the middle begins at the opening's edge.
 * @param {Surface} surface
 * @param {{ x: number, y: number, radius: number }[]} arches
 */
export function skin(surface, arches, { lengths = 120, heights = 40 } = {}) {
  const inside = (/** @type {Place} */ [u, v]) => {
    const [x, y] = surface(u, v);
    return arches.some((arch) => Math.hypot(x - arch.x, y - arch.y) < arch.radius);
  };
  const columns = even(lengths);
  for (const arch of arches) {
    for (const side of [-1, 1]) columns.push(...endsOf(surface, arch, side));
  }
  columns.sort((a, b) => a - b);
  return new Sheet().add(surface, columns.map((u) => {
    const from = inside([u, 0]) ? bisect(0, 0.5, (v) => inside([u, v])) : 0;
    // Above the openings all lines have their points at the same heights.
    return [...even(heights / 2, from, SPLIT).slice(0, -1), ...even(heights / 2, SPLIT)].map((v) => /** @type {Place} */ ([u, v]));
  }));
}

/**
 * The edge of an opening above a wheel, from the rear to the front.
 * @param {Surface} surface
 * @param {{ x: number, y: number, radius: number }} arch
 */
export function archEdge(surface, { x, y, radius }) {
  const isInside = (/** @type {number} */ u, /** @type {number} */ v) => {
    const [px, py] = surface(u, v);
    return Math.hypot(px - x, py - y) < radius;
  };
  const middle = bisect(0, 1, (u) => surface(u, 0)[0] < x);
  const [rear, front] = [bisect(middle, middle - 0.2, (u) => isInside(u, 0)), bisect(middle, middle + 0.2, (u) => isInside(u, 0))];
  return even(48).map((part) => {
    const u = rear + (front - rear) * (1 - Math.cos(part * Math.PI)) / 2;
    return /** @type {Place} */ ([u, isInside(u, 0) ? bisect(0, 0.5, (v) => isInside(u, v)) : 0]);
  });
}

/** Lines close to where an opening meets the sill, where its edge is steep. @param {Surface} surface */
function endsOf(surface, /** @type {{ x: number, y: number, radius: number }} */ { x, y, radius }, /** @type {number} */ side) {
  const at = (/** @type {number} */ place) => bisect(0, 1, (u) => surface(u, 0)[0] < place);
  const sill = surface(at(x), 0)[1];
  const reach = Math.sqrt(Math.max(0, radius * radius - (y - sill) ** 2));
  return [0.0005, 0.004, 0.012, 0.025, 0.045, 0.07].map((step) => at(x + side * (reach - step))).concat(at(x + side * (reach + 0.0005)));
}

/**
 * The place between two where a condition ends.
 * @param {number} from
 * @param {number} to
 * @param {(place: number) => boolean} holds
 */
export function bisect(from, to, holds) {
  let [low, high] = [from, to];
  for (let i = 0; i < 26; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * A cabin: panes in a frame. The panes stand in one row around it, with round corners.
 * @param {Surface} surface
 * @param {{ low: number, high: number, panes: [number, number][], round: number }} windows  Heights in v; each pane from and to, in u.
 */
export function cabin(surface, { low, high, panes, round }) {
  const glass = new Sheet();
  const frame = new Sheet();
  const pillars = new Sheet();
  const rows = even(24).map((part) => (1 - Math.cos(part * Math.PI)) / 2);
  const edges = panes.map(([from, to], i) => rows.map((part) => {
    const inside = Math.max(0, (Math.abs(part * 2 - 1) - 0.55) / 0.45);
    const inset = round * (1 - Math.sqrt(1 - inside * inside));
    return [i === 0 ? from : from + inset, i === panes.length - 1 ? to : to - inset];
  }));
  const band = (/** @type {number[]} */ left, /** @type {number[]} */ right, /** @type {number} */ steps) =>
    rows.map((part, k) => even(steps, left[k], right[k]).map((u) => /** @type {Place} */ ([u, low + (high - low) * part])));
  edges.forEach((edge, i) => {
    glass.add(surface, across(band(edge.map(([from]) => from), edge.map(([, to]) => to), 20)));
    const next = edges[i + 1];
    const isDoorPillar = i > 0 && i < edges.length - 2;
    if (next) (isDoorPillar ? pillars : frame).add(surface, across(band(edge.map(([, to]) => to), next.map(([from]) => from), 6)));
  });
  const top = new Sheet();
  for (const [sheet, from, to, steps] of /** @type {const} */ ([[frame, 0, low, 4], [frame, high, RAIL, 6], [top, RAIL, 1, 12]])) sheet.add(surface, even(90).map((u) => even(steps, from, to).map((v) => /** @type {Place} */ ([u, v]))));
  return { glass, frame, pillars, top };
}

/** Rows of v as rows of u, so that normals point outwards. @param {Place[][]} rows @returns {Place[][]} */
const across = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

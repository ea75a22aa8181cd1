// @ts-check
import { Group, Mesh } from '../../lib/three.js';
import { material } from './material.js';
import { Sheet } from './sheet.js';

/** @typedef {import('./spline.js').Point} Point */

const AROUND = 64;

/**
 * @typedef {object} WheelShape
 * @property {number} radius
 * @property {number} width
 * @property {number} rim     Radius of the rim.
 * @property {number} spokes
 * @property {boolean} [isSlim]  Of a motorcycle: the same on both sides.
 */

/**
 * A wheel that turns about its z axis; its face is on the side of rising z. Made once, and shown as often as needed.
 * @param {WheelShape} shape
 */
export function wheelShape(shape) {
  const { radius, width, rim, spokes } = shape;
  const half = width / 2;
  const tyre = turned([[rim, half * 0.8], [rim + 0.012, half * 0.98], [(radius + rim) / 2, half * 1.06], [radius - 0.022, half], [radius - 0.004, half * 0.8], [radius, half * 0.4], [radius, -half * 0.4], [radius - 0.004, -half * 0.8], [radius - 0.022, -half], [(radius + rim) / 2, -half * 1.06], [rim, -half * 0.8]]);
  const edge = turned([[rim + 0.008, half * 0.84], [rim + 0.006, half * 0.97], [rim - 0.006, half], [rim - 0.016, half * 0.9], [rim - 0.03, half * 0.3], [rim - 0.035, -half * 0.8]]);
  const face = new Sheet();
  for (let i = 0; i < spokes; i++) {
    for (const lean of [-0.16, 0.16]) spoke(face, i / spokes * 2 * Math.PI, lean, rim, half, shape.isSlim ? 0.35 : 1);
  }
  const hub = turned([[0.001, half * 0.84], [0.045, half * 0.83], [0.056, half * 0.74], [0.066, half * 0.5]]);
  const disc = turned([[0.07, half * 0.2], [rim * 0.74, half * 0.2], [rim * 0.74, half * 0.08], [0.07, half * 0.08]]);
  return { shape, tyre: tyre.geometry, edge: edge.geometry, face: face.geometry, hub: hub.geometry, disc: disc.geometry };
}

const looks = () => ({
  rubber: material({ tone: 0x0c0d0f, rough: 0.75 }),
  alloy: material({ tone: 0xc4cad2, rough: 0.22, metal: 0.9 }),
  steel: material({ tone: 0x5b6068, rough: 0.4, metal: 0.8 }),
});
/** @type {ReturnType<typeof looks> | null} */
let shared = null;

/** @param {ReturnType<typeof wheelShape>} made */
export function wheel(made) {
  const { rubber, alloy, steel } = shared ??= looks();
  const group = new Group();
  const turning = new Group();
  turning.add(new Mesh(made.face, alloy), new Mesh(made.hub, alloy));
  group.add(new Mesh(made.tyre, rubber), new Mesh(made.edge, alloy), new Mesh(made.disc, steel), turning);
  return { group, turning };
}

/** A profile turned about the z axis. @param {[number, number][]} profile  Radius and z. */
export function turned(profile) {
  const rows = profile.map(([r, z], i) => {
    const [before, after] = [profile[Math.max(i - 1, 0)], profile[Math.min(i + 1, profile.length - 1)]];
    const [dr, dz] = [after[0] - before[0], after[1] - before[1]];
    const length = Math.hypot(dr, dz) || 1;
    return Array.from({ length: AROUND + 1 }, (_, k) => {
      const [c, s] = [Math.cos(k / AROUND * 2 * Math.PI), Math.sin(k / AROUND * 2 * Math.PI)];
      return { point: /** @type {Point} */ ([r * c, r * s, z]), normal: /** @type {Point} */ ([-dz / length * c, -dz / length * s, dr / length].map((value) => -value)) };
    });
  });
  return new Sheet().weave(rows);
}

/**
 * @param {Sheet} sheet
 * @param {number} turn
 * @param {number} lean
 * @param {number} rim
 * @param {number} half
 * @param {number} out  How far to its side the face is.
 */
function spoke(sheet, turn, lean, rim, half, out) {
  const rows = Array.from({ length: 7 }, (_, i) => {
    const part = i / 6;
    const r = 0.04 + (rim - 0.045) * part;
    const angle = turn + lean * (0.35 + part * 0.9);
    const width = 0.03 - 0.013 * Math.sin(part * Math.PI) + 0.004 * part;
    const z = half * (0.78 + 0.16 * part ** 2) * out;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [[-1, -0.05, -1], [-1, 0, -0.6], [-0.6, 0.008, -0.3], [0.6, 0.008, 0.3], [1, 0, 0.6], [1, -0.05, 1]].map(([side, depth, tilt]) => ({
      point: /** @type {Point} */ ([c * r - s * side * width / 2, s * r + c * side * width / 2, z + depth]),
      normal: /** @type {Point} */ ([-s * tilt, c * tilt, Math.sqrt(1 - tilt * tilt)]),
    }));
  });
  sheet.weave(rows);
}

// @ts-check
import { WHEEL } from './wheel-size.js';
import { along, faceted, faded, onBothSides, skin } from './shapes.js';

/** @typedef {import('./shapes.js').Point} Point */


const ARCH = 0.425;

// Where the ribs stand. Around each wheel they are close, so that the arch is round.
const AROUND_WHEEL = [-1, -0.82, -0.45, 0, 0.45, 0.82, 1].map((part) => part * ARCH);
const RIBS = [
  -2.16, -2.06, -1.88, ...AROUND_WHEEL.map((x) => WHEEL.rear + x), -0.5, 0.1, 0.6,
  ...AROUND_WHEEL.map((x) => WHEEL.front + x), 1.92, 2.08, 2.16,
];
const HOOD_FROM = 0.9;
const LIP = 0.045;

/** @type {[number, number][]} Half of the width, the shoulder's height, and the height of the deck in the middle. */
const WIDTH = [[-2.16, 0.66], [-2.06, 0.78], [-1.6, 0.9], [-0.5, 0.87], [0.6, 0.87], [1.5, 0.9], [1.92, 0.82], [2.08, 0.68], [2.16, 0.56]];
/** @type {[number, number][]} */
const SHOULDER = [[-2.16, 0.74], [-2.06, 0.86], [-1.3, 0.9], [-0.5, 0.86], [0.6, 0.84], [1.36, 0.8], [1.92, 0.66], [2.08, 0.58], [2.16, 0.5]];
/** @type {[number, number][]} */
const DECK = [[-2.16, 0.78], [-2.06, 0.93], [-1.7, 0.99], [-0.5, 0.95], [0.6, 0.95], [0.95, 0.94], [1.6, 0.84], [1.98, 0.72], [2.1, 0.63], [2.16, 0.54]];

/** How high the body begins: at the sill, or above a wheel. @param {number} x */
function edge(x) {
  const sill = along([[-2.16, 0.4], [-2.0, 0.3], [-1.7, 0.24], [1.75, 0.22], [2.0, 0.26], [2.16, 0.34]], x);
  const from = Math.min(Math.abs(x - WHEEL.front), Math.abs(x - WHEEL.rear));
  return from >= ARCH - 1e-6 ? sill : Math.max(sill, WHEEL.radius + Math.sqrt(ARCH ** 2 - from ** 2));
}

const ribs = RIBS.map((x) => {
  const [half, shoulder, deck, low] = [along(WIDTH, x), along(SHOULDER, x), along(DECK, x), edge(x)];
  const widest = Math.max(0.5, Math.min(shoulder - 0.06, low + 0.12));
  return /** @type {Point[]} */ ([
    [x, low, half * 0.965], [x, low + LIP, half * 0.98], [x, widest, half], [x, shoulder, half * 0.94],
    [x, (shoulder + deck) / 2 + 0.015, half * 0.78], [x, deck, 0],
  ]);
});

const isTrim = (/** @type {number} */ _, /** @type {number} */ strip) => strip === 0;
const isHood = (/** @type {number} */ rib, /** @type {number} */ strip) => strip >= 3 && RIBS[rib] >= HOOD_FROM && RIBS[rib] < 2;
const tail = ribs[0];
const nose = ribs[ribs.length - 1];
const closed = (/** @type {Point[]} */ rib) => [...rib, ...rib.slice(0, -1).reverse().map(([x, y, z]) => /** @type {Point} */ ([x, y, -z]))];

/** A line on both doors, from the sill to the shoulder. @param {number} x */
function seam(x) {
  const [half, shoulder] = [along(WIDTH, x) + 0.004, along(SHOULDER, x) - 0.01];
  /** @type {[number, number][]} */
  const way = [[edge(x) + LIP, half * 0.98], [0.5, half], [shoulder, half * 0.945]];
  return way.slice(1).flatMap(([y, z], i) => onBothSides([[x, way[i][0], way[i][1]], [x + 0.016, way[i][0], way[i][1]], [x + 0.016, y, z], [x, y, z]]));
}

/** The painted body, the hood once more, and what is dark: sills, seams, and the belly that the wheels turn in front of. */
export const body = faceted([...skin(ribs, (rib, strip) => !isTrim(rib, strip)), closed(nose), closed(tail)]);
export const hood = faded(faceted(skin(ribs, isHood)), HOOD_FROM, 1.7);
export const dark = faceted([
  ...skin(ribs, isTrim),
  ...[0.74, -0.29, -0.86].flatMap(seam),
  ...skin([
    [[-2.08, 0.3, 0.6], [-2.08, 0.55, 0.6]], [[-1.8, 0.2, 0.62], [-1.8, 0.8, 0.62]],
    [[1.8, 0.2, 0.62], [1.8, 0.7, 0.62]], [[2.1, 0.26, 0.5], [2.1, 0.5, 0.5]],
  ]),
  [[2.1, 0.26, -0.5], [2.1, 0.26, 0.5], [-2.08, 0.3, 0.6], [-2.08, 0.3, -0.6]],
  // Intake and slats in front of the glow.
  ...[-0.3, -0.18, -0.06, 0.06, 0.18, 0.3].map((z) => /** @type {Point[]} */ ([[2.178, 0.37, z - 0.02], [2.178, 0.37, z + 0.02], [2.17, 0.48, z + 0.02], [2.17, 0.48, z - 0.02]])),
]);

/** The mirrors on the doors. */
export const mirrors = faceted(onBothSides([[0.74, 0.9, 0.84], [0.66, 0.9, 1.0], [0.66, 1.01, 0.99], [0.76, 0.99, 0.86]])
  .concat(onBothSides([[0.74, 0.9, 0.84], [0.8, 0.93, 0.92], [0.8, 0.98, 0.92], [0.76, 0.99, 0.86]]))
  .concat(onBothSides([[0.66, 0.9, 1.0], [0.8, 0.93, 0.92], [0.8, 0.98, 0.92], [0.66, 1.01, 0.99]])));

// The cabin: from the deck up to the roof, a little narrower at each step.
/** @type {Record<string, Point>} */
const C = {
  screenLow: [1.0, 0.92, 0.7], screenHigh: [0.22, 1.36, 0.56], roofFront: [0.22, 1.4, 0.5],
  pillarLow: [-0.28, 0.9, 0.8], pillarHigh: [-0.34, 1.39, 0.58],
  rearLow: [-1.74, 0.95, 0.66], rearHigh: [-1.12, 1.34, 0.54], sideFront: [0.82, 0.88, 0.79], sideRear: [-1.42, 0.92, 0.78],
};
const mid = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([x, y + 0.03, 0]);
export const cabin = faceted([
  ...[
    [C.screenLow, C.sideFront, C.screenHigh], [C.sideFront, C.pillarLow, C.pillarHigh, C.screenHigh],
    [C.pillarLow, C.sideRear, C.rearHigh, C.pillarHigh], [C.sideRear, C.rearLow, C.rearHigh],
    [C.screenHigh, C.pillarHigh, mid(C.pillarHigh), mid(C.screenHigh)], [C.pillarHigh, C.rearHigh, mid(C.rearHigh), mid(C.pillarHigh)],
    [mid(C.screenLow), C.screenLow, C.screenHigh, mid(C.screenHigh)], [C.rearLow, mid(C.rearLow), mid(C.rearHigh), C.rearHigh],
  ].flatMap((face) => onBothSides(face)),
]);

/** Panes a little inside the edges of the cabin's faces, and a little outside of the faces themselves. */
const pane = (/** @type {Point[]} */ corners, /** @type {number} */ part, /** @type {Point} */ [dx, dy, dz]) => {
  const middle = [0, 1, 2].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
  return corners.map((corner) => /** @type {Point} */ (corner.map((value, axis) => value + (middle[axis] - value) * part + [dx, dy, dz][axis])));
};
const across = (/** @type {Point} */ low, /** @type {Point} */ high) => /** @type {Point[]} */ ([low, [low[0], low[1], -low[2]], [high[0], high[1], -high[2]], high]);
export const glass = faceted([
  ...onBothSides(pane([C.sideFront, C.pillarLow, C.pillarHigh, C.screenHigh], 0.1, [0, 0, 0.012])),
  ...onBothSides(pane([C.pillarLow, C.sideRear, C.rearHigh, C.pillarHigh], 0.12, [0, 0, 0.012])),
  pane(across(C.screenLow, C.screenHigh), 0.09, [0.02, 0.028, 0]),
  pane(across(C.rearLow, C.rearHigh), 0.1, [-0.02, 0.028, 0]),
]);

/** What shines: the lamps in front and behind, and the intake that shows the engine's glow. */
export const headlights = faceted(onBothSides([[2.17, 0.485, 0.4], [2.165, 0.52, 0.42], [2.085, 0.585, 0.64], [1.9, 0.655, 0.83], [1.98, 0.575, 0.79], [2.1, 0.52, 0.66]]));
export const tailLights = faceted([
  ...onBothSides([[-2.166, 0.68, 0.3], [-2.1, 0.7, 0.735], [-2.085, 0.77, 0.745], [-2.166, 0.735, 0.3]]),
]);
export const grille = faceted([[[2.168, 0.375, -0.36], [2.168, 0.375, 0.36], [2.166, 0.475, 0.33], [2.166, 0.475, -0.33]]]);

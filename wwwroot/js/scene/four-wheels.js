// @ts-check
import { Group, Mesh } from '../../lib/three.js';
import { blob } from './blob.js';
import { cockpit } from './cockpit.js';
import { material } from './material.js';
import { Sheet, line, pane, ribbon } from './sheet.js';
import { archEdge, cabin, skin } from './shell.js';
import { surfaceOver } from './spline.js';
import { turned, wheel, wheelShape } from './wheel.js';

/** @typedef {import('./spline.js').Point} Point */
/** @typedef {[Point, Point, Point, Point]} Corners */

/**
 * A rib of the body, half of it: how wide and high, and how far its side is behind its middle.
 * @typedef {{ x: number, half: number, sill: number, shoulder: number, deck: number, sweep?: number }} Rib
 * @typedef {{ y: number, rear: number, front: number, half: number, sag?: number }} Ring  Of the cabin: a height, its ends, and how much lower it is at the rear.
 */

/**
 * @typedef {object} Design
 * @property {Rib[]} ribs    From the tail to the nose.
 * @property {Ring[]} rings  From the doors to the roof.
 * @property {boolean} [hasGlassRoof]
 * @property {{ low: number, high: number, panes: [number, number][], round: number }} windows
 * @property {{ front: number, rear: number, track: number, arch: number }} axles
 * @property {import('./wheel.js').WheelShape} wheel
 * @property {Point} engine  Where it is warm.
 * @property {Point} spread  How quickly that fades, along each axis.
 * @property {Point} heatMark  Where a note about it points to.
 * @property {{ size: number, height: number }} view  How large it is next to a car, and the height that one looks at.
 * @property {Corners[]} headlamps
 * @property {Point[][]} daylights
 * @property {Corners[]} tailLamps
 * @property {Point[][]} tailLines
 * @property {Corners[]} projectors  In the head lamps.
 * @property {Corners[]} plates
 * @property {Corners[]} grilles
 * @property {Corners[]} trims
 * @property {Point[][]} seams
 * @property {Point[][]} handles
 * @property {Point} mirror
 * @property {Point[]} powerBar  Lit from the middle outwards by the engine's load.
 * @property {Point[]} storeBar  Lit from the rear forward by the charge or the fuel.
 * @property {[number, number, number, number]} foot  Half length and half width of its shadow, and its middle.
 * @property {Parameters<typeof cockpit>[0]} cockpit
 */

/** @param {Rib} rib @returns {Point[]} */
function ribPoints({ x, half, sill, shoulder, deck, sweep = 0 }) {
  const rise = shoulder - sill;
  const crown = deck - shoulder;
  // Where it closes below the bumpers, there is no side left to be round.
  const bulge = Math.min(1, rise / 0.35);
  const side = (/** @type {number} */ height, /** @type {number} */ part) => /** @type {Point} */ ([x - sweep, sill + rise * height, half * (0.9 + (part - 0.9) * bulge)]);
  return [
    side(-0.02, 0.8), side(0, 0.955), side(0.2, 0.972), side(0.46, 0.985), side(0.74, 1), side(0.93, 0.98),
    [x - sweep * 0.97, shoulder + crown * 0.06, half * 0.925], [x - sweep * 0.8, shoulder + crown * 0.5, half * 0.8],
    [x - sweep * 0.35, deck - crown * 0.08, half * 0.45], [x, deck, 0],
  ];
}

/** @param {Ring} ring @returns {Point[]} */
function ringPoints({ y, rear, front, half, sag = 0 }) {
  const low = y - sag;
  return [
    [rear, low, 0], [rear + 0.02, low, half * 0.5], [rear + 0.1, low, half * 0.88], [rear + 0.42, y - sag * 0.5, half * 0.985], [(rear + front) / 2, y, half],
    [front - 0.62, y, half * 0.985], [front - 0.2, y - sag * 0.2, half * 0.88], [front - 0.05, y - sag * 0.3, half * 0.5], [front, y - sag * 0.3, 0],
  ];
}

/** @param {Pick<Design, 'ribs' | 'rings'>} design */
export const surfacesOf = ({ ribs, rings }) => ({ body: surfaceOver(ribs.map(ribPoints)), roof: surfaceOver(transposed(rings.map(ringPoints))) });

/** @param {Design} design */
export function fourWheels(design) {
  const paint = material({ rough: 0.3, coat: 1, flakes: 0.85 });
  const black = material({ tone: 0x0a0b0d, rough: 0.5, coat: 0.25 });
  const matt = material({ tone: 0x060709, rough: 0.95 });
  const glass = material({ tone: 0x0a1016, rough: 0.05, coat: 1, solid: 0.72 });
  const plate = material({ tone: 0xd8d9d6, rough: 0.5 });
  const tinted = material({ tone: 0x050608, rough: 0.04, coat: 1 });
  const lens = material({ tone: 0x1b2026, rough: 0.1, coat: 1 });
  const lamp = material({ tone: 0xdfe8f2, rough: 0.2, coat: 1 });
  const tail = material({ tone: 0x5a0812, rough: 0.15, coat: 1 });
  const power = material({ tone: 0x0a0a0b, rough: 0.2, coat: 1 });
  const store = material({ tone: 0x0a0a0b, rough: 0.2, coat: 1 });
  const stop = material({ tone: 0x7a0a16, rough: 0.15, coat: 1 });

  const { body, roof } = surfacesOf(design);
  const { axles } = design;
  const height = design.wheel.radius;
  const arches = [axles.rear, axles.front].map((x) => ({ x, y: height, radius: axles.arch }));
  const { glass: panes, frame, pillars, top } = cabin(roof, design.windows);
  const shell = new Group();
  const add = (/** @type {Sheet} */ sheet, /** @type {import('../../lib/three.js').ShaderMaterial} */ look) => shell.add(new Mesh(sheet.geometry, look));

  add(skin(body, arches), paint);
  add(frame, paint);
  add(pillars, black);
  add(top, design.hasGlassRoof ? tinted : paint);
  add(onBody(body, design.headlamps, 0.002), lens);
  add(onBody(body, design.grilles, 0.002), black);
  add(onBody(body, design.trims, 0.003), black);
  add(linesOn(body, design.daylights, 0.022, 0.006), lamp);
  add(onBody(body, design.tailLamps, 0.003), tail);
  add(linesOn(body, design.tailLines, 0.026, 0.007), stop);
  add(linesOn(body, design.seams, 0.007, 0.0015), matt);
  for (const arch of arches) add(new Sheet().weave(ribbon(body, archEdge(body, arch), 0.022, 0.004), true), black);
  add(linesOn(body, design.handles, 0.02, 0.01), black);
  add(onBody(body, design.plates, 0.008), plate);
  add(onBody(body, design.projectors, 0.005), lamp);
  add(linesOn(body, [design.powerBar], 0.022, 0.008), power);
  add(linesOn(body, [design.storeBar], 0.034, 0.008), store);
  const floor = new Sheet();
  const inside = new Sheet();
  for (const arch of arches) inside.weave(tube(arch, axles.track - design.wheel.width * 0.62, axles.track + 0.09), true);
  floor.weave([[-1.9, 0.26], [-1.7, 0.2], [1.75, 0.2], [1.95, 0.26]].map(([x, y]) => [0.62, -0.62].map((z) => ({ point: /** @type {Point} */ ([x, y, z]), normal: /** @type {Point} */ ([0, -1, 0]) }))));
  add(inside, matt);
  add(cockpit(design.cockpit), matt);
  const [mx, my, mz] = design.mirror;
  add(new Sheet().weave(blob([mx, my, mz], [0.07, 0.065, 0.115], 0.55), true), paint);
  add(new Sheet().weave(blob([mx - 0.052, my, mz], [0.022, 0.05, 0.1], 0.4), true), black);
  add(new Sheet().weave(blob([mx + 0.02, my - 0.06, mz - 0.1], [0.03, 0.02, 0.08], 0.5), true), black);
  add(floor, matt);
  const glazing = new Mesh(panes.geometry, glass);
  glazing.renderOrder = 2;
  shell.add(glazing);

  const made = wheelShape(design.wheel);
  const wheels = [axles.front, axles.rear].flatMap((x) => [1, -1].map((side) => {
    const { group, turning } = wheel(made);
    group.position.set(x, height, side * axles.track);
    if (side < 0) group.rotation.y = Math.PI;
    return { group, turning, side, radius: height };
  }));
  const [low, high] = [design.storeBar[0][0], design.storeBar[design.storeBar.length - 1][0]];
  return {
    shell, wheels, paint, lamp, tail, stop, warm: [paint],
    power: bar(power, [0, 1], 0, design.powerBar[design.powerBar.length - 1][2]),
    store: bar(store, [1, 0], low, high),
  };
}

/**
 * @param {import('../../lib/three.js').ShaderMaterial} look
 * @param {[number, number]} axis  Along the vehicle, or from its middle to the sides.
 * @param {number} from
 * @param {number} to
 */
const bar = (look, axis, from, to) => ({ look, axis, from, to });

/** @param {import('./spline.js').Surface} surface @param {Corners[]} patches @param {number} lift */
function onBody(surface, patches, lift) {
  const sheet = new Sheet();
  for (const corners of patches) sheet.add(surface, pane(surface, corners), lift);
  return sheet;
}

/** @param {import('./spline.js').Surface} surface @param {Point[][]} ways @param {number} width @param {number} lift */
function linesOn(surface, ways, width, lift) {
  const sheet = new Sheet();
  for (const way of ways) sheet.weave(line(surface, way, width, lift), true);
  return sheet;
}

/** The inside of a wheel's opening. @param {{ x: number, y: number, radius: number }} arch @param {number} from @param {number} to */
function tube({ x, y, radius }, from, to) {
  return Array.from({ length: 41 }, (_, i) => {
    const angle = -0.5 + i / 40 * (Math.PI + 1);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const ring = (/** @type {number} */ r, /** @type {number} */ z) => ({ point: /** @type {Point} */ ([x + c * r, y + s * r, z]), normal: /** @type {Point} */ ([-c, -s, 0]) });
    return [ring(0.02, from), ring(radius + 0.002, from), ring(radius + 0.002, to)];
  });
}

/** @param {Point[][]} rows @returns {Point[][]} */
const transposed = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

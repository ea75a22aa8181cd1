// @ts-check
import { Group, Mesh } from '../../lib/three.js';
import { blob } from './blob.js';
import { material } from './material.js';
import { pipe } from './pipe.js';
import { Sheet, lifted, line } from './sheet.js';
import { surfaceOver } from './spline.js';
import { turned, wheel, wheelShape } from './wheel.js';

/** @typedef {import('./spline.js').Point} Point */
/** @typedef {[number, number, number, number][]} Hull  Ribs from the rear forward: x, height of the middle, half width and half height. */

/**
 * @typedef {object} Design
 * @property {{ x: number, radius: number }} front
 * @property {{ x: number, radius: number }} rear
 * @property {import('./wheel.js').WheelShape[]} tyres
 * @property {Point} engine  Where it is warm.
 * @property {Point} spread  How quickly that fades, along each axis.
 * @property {Point} heatMark  Where a note about it points to.
 * @property {{ size: number, height: number }} view  How large it is next to a car, and the height that one looks at.
 * @property {Hull} tank
 * @property {Hull} tail
 * @property {Hull} seat
 * @property {{ at: Point, half: Point, round: number }[]} blocks
 * @property {{ at: Point, lean: number }[]} cylinders
 * @property {{ x: number, y: number, z: number, radius: number }[]} covers
 * @property {Point[][]} frame
 * @property {Point[][]} arms
 * @property {Point[][]} forks
 * @property {Point[][]} tubes
 * @property {Point[][]} bars
 * @property {Point[][]} grips
 * @property {Point[][]} stalks
 * @property {Point[][]} exhausts
 * @property {Point[]} silencer
 * @property {{ at: Point, radius: number }} lamp
 * @property {{ at: Point, half: Point }} tailLamp
 * @property {Point} mirror
 * @property {Point[]} storeBar
 * @property {Point[]} powerBar
 * @property {[number, number, number, number]} foot
 */

const even = (/** @type {number} */ count) => Array.from({ length: count + 1 }, (_, i) => i / count);

/** Around each rib, from below over the right side to the top. @param {Hull} hull */
const hullOver = (hull) => surfaceOver(hull.map(([x, y, half, rise]) => /** @type {Point[]} */ ([
  [x, y - rise, 0], [x, y - rise, half * 0.75], [x, y - rise * 0.3, half], [x, y + rise * 0.5, half * 0.95], [x, y + rise, half * 0.6], [x, y + rise * 1.06, 0],
])));

/** @param {Design} design */
export function twoWheels(design) {
  const looks = {
    paint: material({ rough: 0.3, coat: 1, flakes: 0.85 }),
    black: material({ tone: 0x0c0d10, rough: 0.45, coat: 0.3 }),
    matt: material({ tone: 0x08090b, rough: 0.85 }),
    steel: material({ tone: 0x8a9099, rough: 0.32, metal: 0.9 }),
    chrome: material({ tone: 0xe4e8ee, rough: 0.08, metal: 1 }),
    engine: material({ tone: 0x4b5058, rough: 0.42, metal: 0.75 }),
    gold: material({ tone: 0xc99a3c, rough: 0.25, metal: 0.9 }),
    lamp: material({ tone: 0xdfe8f2, rough: 0.1, coat: 1 }),
    stop: material({ tone: 0x7a0a16, rough: 0.15, coat: 1 }),
    power: material({ tone: 0x0a0a0b, rough: 0.2, coat: 1 }),
    store: material({ tone: 0x0a0a0b, rough: 0.2, coat: 1 }),
  };
  const shell = new Group();
  const sheets = /** @type {Record<keyof typeof looks, Sheet>} */ (Object.fromEntries(Object.keys(looks).map((name) => [name, new Sheet()])));
  const pipes = (/** @type {Sheet} */ sheet, /** @type {Point[][]} */ ways, /** @type {number} */ radius, flat = 1) => ways.forEach((way) => sheet.weave(pipe(way, radius, flat)));

  for (const hull of [design.tank, design.tail]) sheets.paint.add(hullOver(hull), net(40, 22));
  sheets.matt.add(hullOver(design.seat), net(32, 16));
  for (const { at, half, round } of design.blocks) sheets.engine.weave(blob(at, half, round));
  for (const { at, lean } of design.cylinders) fins(sheets.engine, at, lean);
  for (const cover of design.covers) {
    for (const side of [1, -1]) sheets.steel.weave(knob(cover, side));
  }
  pipes(sheets.black, design.frame, 0.019);
  pipes(sheets.black, design.arms, 0.036, 0.55);
  pipes(sheets.black, design.forks, 0.032);
  pipes(sheets.gold, design.tubes, 0.025);
  pipes(sheets.steel, design.bars, 0.013);
  pipes(sheets.matt, design.grips, 0.019);
  pipes(sheets.black, design.stalks, 0.006);
  pipes(sheets.chrome, design.exhausts, 0.024);
  sheets.steel.weave(pipe(design.silencer, [0.026, 0.052, 0.06, 0.052]));
  sheets.matt.weave(pipe([design.silencer[3], /** @type {Point} */ (design.silencer[3].map((value, axis) => value + (value - design.silencer[2][axis]) * 0.04))], [0.045, 0.001]));
  const [mx, my, mz] = design.mirror;
  sheets.black.weave(blob([mx, my, mz], [0.02, 0.035, 0.06], 0.6), true);
  sheets.chrome.weave(blob([mx - 0.012, my, mz], [0.012, 0.029, 0.053], 0.6), true);
  for (const { x, radius, from, to, half } of [{ ...design.front, from: 0.35, to: 2.3, half: 0.075 }, { ...design.rear, from: 1.2, to: 2.5, half: 0.1 }]) fender(sheets.black, x, radius, from, to, half);
  const { at: [lx, ly], radius } = design.lamp;
  sheets.black.weave(facing([lx - 0.16, ly], [[0.005, 0], [0.06, 0.015], [radius, 0.09], [radius + 0.004, 0.155]]));
  sheets.chrome.weave(facing([lx, ly], [[radius + 0.004, -0.006], [radius + 0.006, 0.008], [radius - 0.008, 0.012]]));
  sheets.lamp.weave(facing([lx, ly], [[radius - 0.006, 0.006], [radius * 0.7, 0.024], [0.001, 0.034]]));
  sheets.stop.weave(blob(design.tailLamp.at, design.tailLamp.half, 0.5));
  for (const side of [1, -1]) sheets.store.weave(line(hullOver(design.tank), design.storeBar, 0.016, 0.004), side === 1);
  sheets.power.weave(blob([0.335, 0.74, 0], [0.008, 0.012, 0.13], 0.3));

  for (const name of /** @type {(keyof typeof looks)[]} */ (Object.keys(looks))) shell.add(new Mesh(sheets[name].geometry, looks[name]));
  const wheels = [design.front, design.rear].map(({ x, radius: r }, i) => {
    const { group, turning } = wheel(wheelShape({ ...design.tyres[i], isSlim: true }));
    group.position.set(x, r, 0);
    return { group, turning, side: 1, radius: r };
  });
  const [low, high] = [design.storeBar[0][0], design.storeBar[design.storeBar.length - 1][0]];
  return {
    shell, wheels, paint: looks.paint, lamp: looks.lamp, tail: looks.stop, stop: looks.stop, warm: [looks.engine, looks.steel],
    power: { look: looks.power, axis: /** @type {[number, number]} */ ([0, 1]), from: 0, to: 0.13 },
    store: { look: looks.store, axis: /** @type {[number, number]} */ ([1, 0]), from: low, to: high },
  };
}

/** @param {number} rows @param {number} columns */
const net = (rows, columns) => even(rows).map((u) => even(columns).map((v) => /** @type {[number, number]} */ ([u, v])));

/** A cylinder of plates that cool it. @param {Sheet} sheet @param {Point} at @param {number} lean */
function fins(sheet, [x, y, z], lean) {
  for (let i = -4; i <= 4; i++) sheet.weave(blob([x + i * 0.026 * lean, y + i * 0.026, z], [0.1, 0.009, 0.135], 0.3, 0, 8));
  sheet.weave(blob([x, y, z], [0.075, 0.12, 0.105], 0.4));
  sheet.weave(blob([x + 0.14 * lean, y + 0.14, z], [0.1, 0.04, 0.14], 0.45));
}

/** A round cover on a side. @param {{ x: number, y: number, z: number, radius: number }} cover @param {number} side */
function knob({ x, y, z, radius }, side) {
  return [[radius, -0.03], [radius, 0.012], [radius * 0.85, 0.028], [radius * 0.4, 0.034], [0.001, 0.035]].map(([r, out], i, all) => even(32).map((part) => {
    const [c, s] = [Math.cos(part * 2 * Math.PI), Math.sin(part * 2 * Math.PI)];
    const slope = Math.min(1, i / (all.length - 2));
    return { point: /** @type {Point} */ ([x + r * c, y + r * s, side * (z + out)]), normal: /** @type {Point} */ ([c * (1 - slope), s * (1 - slope), side * (0.05 + slope)]) };
  }));
}

/** A profile turned about an axis that points forward. @param {[number, number]} at @param {[number, number][]} profile  Radius, and how far forward. */
function facing([x, y], profile) {
  return profile.map(([r, ahead], i) => even(36).map((part) => {
    const [c, s] = [Math.cos(part * 2 * Math.PI), Math.sin(part * 2 * Math.PI)];
    const [before, after] = [profile[Math.max(i - 1, 0)], profile[Math.min(i + 1, profile.length - 1)]];
    const [dr, dx] = [after[0] - before[0], after[1] - before[1]];
    const length = Math.hypot(dr, dx) || 1;
    return { point: /** @type {Point} */ ([x + ahead, y + r * s, r * c]), normal: /** @type {Point} */ ([-dr / length, dx / length * s, dx / length * c].map((value) => value * Math.sign(dx || 1))) };
  }));
}

/** @param {Sheet} sheet @param {number} x @param {number} radius @param {number} from @param {number} to  In radians. @param {number} half */
function fender(sheet, x, radius, from, to, half) {
  sheet.weave(even(24).map((part) => {
    const angle = from + (to - from) * part;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return even(10).map((across) => {
      const bend = (across - 0.5) * 2;
      const r = radius + 0.035 - 0.035 * bend * bend;
      const normal = [c * (1 - Math.abs(bend) * 0.6), s * (1 - Math.abs(bend) * 0.6), bend * 0.8];
      return { point: /** @type {Point} */ ([x + c * r, radius + s * r, bend * half]), normal: /** @type {Point} */ (normal) };
    });
  }));
}

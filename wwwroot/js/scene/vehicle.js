// @ts-check
import { Group, Vector3 } from '../../lib/three.js';

/** @typedef {'car' | 'van' | 'motorcycle' | 'electric'} Kind */
/** @typedef {{ kind: Kind, colour: string, running: boolean, speed: number | null, rpm: number, isSlowing: boolean, effort: number | null, store: number | null, warmth: number }} Look  Speed in km/h, effort and store from 0 to 1, warmth from -1 to 1. */

const COLD = [0.1, 0.45, 1];
const HOT = [1, 0.12, 0.05];
const EFFORT = [3, 0.9, 0.15];
const FULL = [0.1, 0.9, 0.35];
const LOW = [1, 0.5, 0.05];
const EMPTY = [1, 0.08, 0.06];

/** @param {Kind} kind */
async function make(kind) {
  if (kind === 'motorcycle') {
    const [{ motorcycle: design }, { twoWheels }] = await Promise.all([import('./kinds/motorcycle.js'), import('./two-wheels.js')]);
    return { design, parts: twoWheels(design) };
  }
  const [module, { fourWheels }] = await Promise.all([import(`./kinds/${kind}.js`), import('./four-wheels.js')]);
  /** @type {import('./four-wheels.js').Design} */
  const design = module[kind];
  return { design, parts: fourWheels(design) };
}

/** A vehicle of a kind, with what one can read from it: wheels, lamps, and the places that glow. */
export class Vehicle {
  group = new Group();
  #parts;
  #design;

  /** @param {Kind} kind */
  static async load(kind) {
    return new Vehicle(await make(kind));
  }

  /** @param {Awaited<ReturnType<typeof make>>} made */
  constructor({ design, parts }) {
    this.#design = design;
    this.#parts = parts;
    this.group.add(parts.shell, ...parts.wheels.map(({ group }) => group));
    for (const { uniforms } of parts.warm) {
      uniforms.engine.value.set(...design.engine);
      uniforms.spread.value.set(...design.spread);
    }
  }

  get view() {
    return this.#design.view;
  }

  /** Half length and half width of its shadow, and where its middle is. */
  get foot() {
    return this.#design.foot;
  }

  /** @param {string} colour */
  set paint(colour) {
    this.#parts.paint.uniforms.tone.value.set(colour);
  }

  /** @param {Look} look */
  light({ running, isSlowing, effort, store: level, warmth }) {
    const { lamp, tail, stop, warm, power, store } = this.#parts;
    lamp.uniforms.glow.value.setRGB(...(running ? [2.6, 2.6, 2.4] : [0, 0, 0]));
    tail.uniforms.glow.value.setRGB(...(isSlowing ? [1.6, 0.04, 0.03] : running ? [0.3, 0.01, 0.01] : [0, 0, 0]));
    stop.uniforms.glow.value.setRGB(...(isSlowing ? [5, 0.3, 0.2] : running ? [1.3, 0.03, 0.04] : [0, 0, 0]));
    for (const { uniforms } of warm) uniforms.heat.value = [...(warmth > 0 ? HOT : COLD), Math.abs(warmth)];
    fill(power, running ? Math.abs(effort ?? 0) : 0, (effort ?? 0) < 0 ? FULL : EFFORT);
    fill(store, level ?? 0, level === null || level > 0.25 ? FULL : level > 0.1 ? LOW : EMPTY);
  }

  /**
   * @param {import('./motion.js').Motion} motion
   * @param {number} shake  Of the engine, in metres.
   */
  move(motion, shake) {
    for (const { turning, side, radius } of this.#parts.wheels) turning.rotation.z = -side * motion.angle(radius);
    this.#parts.shell.rotation.z = Math.max(-0.02, Math.min(0.02, motion.push * 0.006));
    this.#parts.shell.position.y = shake;
  }

  /** The places that glow, on the side of the eye. @param {Vector3} eye */
  marks(eye) {
    const { heatMark, powerBar, storeBar } = this.#design;
    const side = Math.sign(eye.z) || 1;
    const middle = storeBar[Math.floor(storeBar.length / 2)];
    return /** @type {const} */ ([['heat', heatMark], ['effort', powerBar[1]], ['store', middle]]).map(([name, [x, y, z]]) => ({
      name, at: new Vector3(x, y, z * side), isSeen: name !== 'effort' || eye.x > 0,
    }));
  }

  dispose() {
    this.group.traverse((/** @type {any} */ node) => {
      node.geometry?.dispose();
      node.material?.dispose();
    });
  }
}

/**
 * A bar that is lit up to a part of its length.
 * @param {{ look: import('../../lib/three.js').ShaderMaterial, axis: [number, number], from: number, to: number } | null} bar
 * @param {number} level
 * @param {number[]} colour
 */
function fill(bar, level, colour) {
  if (!bar) return;
  const { glow, gauge } = bar.look.uniforms;
  glow.value.setRGB(...colour);
  gauge.value = [...bar.axis, level > 0 ? bar.from + (bar.to - bar.from) * Math.min(level, 1) : -1e3];
}

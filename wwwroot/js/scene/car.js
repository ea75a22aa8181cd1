// @ts-check
import { Color, DoubleSide, Group, Mesh, MeshBasicMaterial, MeshStandardMaterial, PointLight } from '../../lib/three.module.js';
import * as parts from './body.js';
import { wheel } from './wheel.js';
import { WHEEL } from './wheel-size.js';

const COLD = new Color(0x58c7ff);
const HOT = new Color(0xff3b30);
const LAMP_ON = new Color(0xfff3d6);
const LAMP_OFF = new Color(0x8f9bad);
const TAIL_ON = new Color(0xff2740);
const TAIL_OFF = new Color(0x5d1f2b);
const FIRE = new Color(0xff6a2b);
const EMBERS = new Color(0x14171d);

/** The engine is cold below the first, right from the second to the third, hot at the fourth, in °C. */
const TEMPERATURES = [40, 75, 95, 110];

/** A low-poly car, built of faces: no model is loaded. */
export class Car {
  group = new Group();
  #shell = new Group();
  #paint = new MeshStandardMaterial({ roughness: 0.38, metalness: 0.15, side: DoubleSide });
  /** Lies on the paint where the engine is. */
  #hood = new MeshBasicMaterial({ side: DoubleSide, transparent: true, vertexColors: true, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -1 });
  #lamps = new MeshBasicMaterial({ side: DoubleSide });
  #tails = new MeshBasicMaterial({ side: DoubleSide });
  #grille = new MeshBasicMaterial({ side: DoubleSide });
  #fire = new PointLight(FIRE, 0, 4, 1.6);
  #wheels = [1, -1].flatMap((side) => [WHEEL.front, WHEEL.rear].map((x) => ({ ...wheel(side), x, side })));

  constructor() {
    const dark = new MeshStandardMaterial({ color: 0x12151b, roughness: 0.9, side: DoubleSide });
    const glass = new MeshStandardMaterial({ color: 0x22314a, roughness: 0.25, metalness: 0.4, side: DoubleSide });
    this.#shell.add(
      new Mesh(parts.body, this.#paint), new Mesh(parts.hood, this.#hood), new Mesh(parts.cabin, this.#paint), new Mesh(parts.glass, glass),
      new Mesh(parts.dark, dark), new Mesh(parts.mirrors, this.#paint), new Mesh(parts.headlights, this.#lamps), new Mesh(parts.tailLights, this.#tails), new Mesh(parts.grille, this.#grille),
    );
    this.#fire.position.set(2.35, 0.42, 0);
    this.group.add(this.#shell, this.#fire);
    for (const { group, x, side } of this.#wheels) {
      group.position.set(x, WHEEL.radius, side * WHEEL.track);
      this.group.add(group);
    }
  }

  /** @param {string} colour */
  set paint(colour) {
    this.#paint.color.set(colour);
  }

  /**
   * @param {boolean} on     Lamps.
   * @param {number} load    0 to 1.
   * @param {number | null} coolant  °C.
   */
  light(on, load, coolant) {
    this.#lamps.color.copy(on ? LAMP_ON : LAMP_OFF);
    this.#tails.color.copy(on ? TAIL_ON : TAIL_OFF);
    this.#grille.color.copy(EMBERS).lerp(FIRE, on ? load : 0);
    this.#fire.intensity = on ? load * 6 : 0;
    const [cold, right, warm, hot] = TEMPERATURES;
    const chill = coolant === null ? 0 : 1 - part(coolant, cold, right);
    const heat = coolant === null ? 0 : part(coolant, warm, hot);
    this.#hood.color.copy(heat > 0 ? HOT : COLD);
    this.#hood.opacity = Math.max(chill * 0.5, heat * 0.75);
  }

  /**
   * @param {number} angle  Of the wheels, in radians.
   * @param {number} turn   Since the frame before.
   * @param {number} push   Metres a second squared: it squats and dives.
   * @param {number} shake  Of the engine, in metres.
   */
  move(angle, turn, push, shake) {
    for (const { turnTo } of this.#wheels) turnTo(angle, turn);
    this.#shell.rotation.z = Math.max(-0.02, Math.min(0.02, push * 0.006));
    this.#shell.position.y = shake;
  }
}

/**
 * @param {number} value
 * @param {number} from
 * @param {number} to
 */
function part(value, from, to) {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

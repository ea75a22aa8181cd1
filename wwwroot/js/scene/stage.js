// @ts-check
import { ACESFilmicToneMapping, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, WebGLRenderer } from '../../lib/three.module.js';
import { Car } from './car.js';
import { ground } from './ground.js';
import { Motion } from './motion.js';
import { Orbit } from './orbit.js';
import { Pace } from './pace.js';

/** @typedef {{ running: boolean, moving: boolean, speed: number, rpm: number, load: number, coolant: number | null }} Drive  Speed in km/h, load from 0 to 1. */

const TARGET_HEIGHT = 0.5;
const SWAY = 0.05;
const PAUSE = 1000;

/** The car on its road. Animated while the car runs and is visible; otherwise drawn when something changes. */
export class Stage {
  #renderer;
  #scene = new Scene();
  #camera = new PerspectiveCamera(26, 1, 0.1, 60);
  #sky = new HemisphereLight();
  #car = new Car();
  #ground = ground();
  #motion = new Motion();
  #pace = new Pace();
  #orbit;
  #frame;
  /** @type {Drive} */
  #drive = { running: false, moving: false, speed: 0, rpm: 0, load: 0, coolant: null };
  #isSeen = false;
  #asked = 0;
  #drawnAt = 0;
  /** Frames drawn. */
  drawn = 0;

  /**
   * @param {HTMLElement} frame  Where the picture goes. Fails without WebGL.
   */
  constructor(frame) {
    this.#frame = frame;
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true, powerPreference: 'low-power' });
    this.#renderer.toneMapping = ACESFilmicToneMapping;
    this.#renderer.toneMappingExposure = 1.15;
    const key = new DirectionalLight(0xffffff, 2.6);
    key.position.set(2.5, 5, 3.5);
    const rim = new DirectionalLight(0x9db8ff, 1.6);
    rim.position.set(-4, 2.5, -4);
    this.#sky.intensity = 1.3;
    this.#scene.add(this.#sky, key, rim, this.#ground.mesh, this.#car.group);
    frame.append(this.#renderer.domElement);
    this.#orbit = new Orbit(frame, () => this.#ask());
    new ResizeObserver(() => this.#resize()).observe(frame);
    new IntersectionObserver(([{ isIntersecting }]) => {
      this.#isSeen = isIntersecting;
      this.#ask();
    }).observe(frame);
    document.addEventListener('visibilitychange', () => this.#ask());
    document.addEventListener('themechange', () => this.#dress());
    this.#dress();
    this.#resize();
  }

  /** @param {Drive} drive */
  show(drive) {
    const same = JSON.stringify(drive) === JSON.stringify(this.#drive);
    this.#drive = drive;
    if (!same) this.#ask();
  }

  get #isMoving() {
    return this.#drive.moving && this.#isSeen && !document.hidden;
  }

  #ask() {
    if (this.#asked === 0 && !document.hidden) this.#asked = requestAnimationFrame((time) => this.#next(time));
  }

  /** @param {number} time */
  #next(time) {
    this.#asked = 0;
    const passed = time - this.#drawnAt;
    // The first frame after a pause only takes up the thread.
    const isNext = this.#isMoving && passed < PAUSE;
    const pace = isNext ? this.#pace.next(passed) : 'draw';
    this.#drawnAt = time;
    if (pace === 'slower') this.#resize();
    const before = this.#motion.angle;
    if (isNext) this.#motion.step(this.#drive.speed, passed / 1000);
    if (pace !== 'skip') this.#draw(time, this.#motion.angle - before);
    if (this.#isMoving) this.#ask();
  }

  /**
   * @param {number} time
   * @param {number} turn
   */
  #draw(time, turn) {
    const { running, rpm, load, coolant } = this.#drive;
    const { uniforms } = this.#ground;
    const shake = running && rpm > 0 ? Math.sin(time * 0.05) * 0.0012 : 0;
    this.#car.light(running, load, coolant);
    this.#car.move(this.#motion.angle, turn, this.#motion.push, shake);
    uniforms.way.value = this.#motion.way % 4;
    uniforms.glow.value = running ? load * 0.85 : 0;
    uniforms.beam.value = running ? 0.5 : 0;
    const azimuth = this.#orbit.azimuth + (running ? Math.sin(time * 0.00018) * SWAY : 0);
    const distance = this.#distance;
    const away = Math.cos(this.#orbit.height) * distance;
    this.#camera.position.set(Math.cos(azimuth) * away, TARGET_HEIGHT + Math.sin(this.#orbit.height) * distance, Math.sin(azimuth) * away);
    this.#camera.lookAt(0, TARGET_HEIGHT, 0);
    this.#renderer.render(this.#scene, this.#camera);
    this.drawn++;
    this.#frame.dataset.frames = String(this.drawn);
  }

  /** As near as the car fits. */
  get #distance() {
    return Math.max(8.6, 11.2 / this.#camera.aspect);
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    if (width === 0 || height === 0) return;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, this.#pace.pixels));
    this.#renderer.setSize(width, height);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.#ask();
  }

  /** In the page's colours. */
  #dress() {
    const style = getComputedStyle(this.#frame);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.#car.paint = colour('--paint');
    this.#ground.uniforms.line.value.set(colour('--road-line'));
    this.#ground.uniforms.shade.value.set(colour('--road-shade'));
    this.#sky.color.set(colour('--sky'));
    this.#sky.groundColor.set(colour('--ground'));
    this.#ask();
  }
}

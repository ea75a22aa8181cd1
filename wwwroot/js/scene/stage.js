// @ts-check
import { PerspectiveCamera, Scene, WebGLRenderer } from '../../lib/three.js';
import { ground } from './ground.js';
import { Mirror } from './mirror.js';
import { Motion } from './motion.js';
import { Orbit } from './orbit.js';
import { Pace } from './pace.js';
import { light, studio } from './studio.js';
import { Vehicle } from './vehicle.js';

/** @typedef {import('./vehicle.js').Look} Look */

const SWAY = 0.05;
const PAUSE = 1000;
/** Below it stands, in metres a second. */
const REST = 0.02;

/** The vehicle on its road. Animated while it drives and is visible; otherwise drawn when something changes. */
export class Stage {
  #renderer;
  #scene = new Scene();
  #camera = new PerspectiveCamera(24, 1, 0.1, 60);
  #ground = ground(studio.foot);
  #mirror = new Mirror();
  #motion = new Motion();
  #pace = new Pace();
  #end = new AbortController();
  /** @type {Vehicle | null} */
  #vehicle = null;
  #orbit;
  #frame;
  #pointed;
  /** @type {Look | null} */
  #look = null;
  #isDriving = false;
  #isSeen = false;
  #asked = 0;
  #drawnAt = 0;
  /** Milliseconds that it has rolled. */
  #rolled = 0;
  /** Frames drawn. */
  drawn = 0;

  /**
   * @param {HTMLElement} frame  Where the picture goes. Fails without WebGL.
   * @param {(spots: Partial<Record<string, { x: number, y: number, isSeen: boolean }>>) => void} pointed  Called with the places of what glows, in pixels.
   */
  constructor(frame, pointed) {
    this.#frame = frame;
    this.#pointed = pointed;
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true, powerPreference: 'low-power' });
    this.#scene.add(this.#ground.mesh);
    frame.append(this.#renderer.domElement);
    const { signal } = this.#end;
    this.#orbit = new Orbit(frame, () => this.#ask(), signal);
    const sizes = new ResizeObserver(() => this.#resize());
    const sights = new IntersectionObserver(([{ isIntersecting }]) => {
      this.#isSeen = isIntersecting;
      this.#ask();
    });
    sizes.observe(frame);
    sights.observe(frame);
    signal.addEventListener('abort', () => [sizes, sights].forEach((observer) => observer.disconnect()));
    document.addEventListener('visibilitychange', () => this.#ask(), { signal });
    document.addEventListener('themechange', () => this.#dress(), { signal });
    this.#dress();
    this.#resize();
  }

  /**
   * @param {Look} look
   * @param {boolean} isDriving  False if it stands still, or time does.
   */
  async show(look, isDriving) {
    const before = this.#look;
    const isSame = isDriving === this.#isDriving && JSON.stringify(look) === JSON.stringify(before);
    this.#look = look;
    this.#isDriving = isDriving;
    if (before?.kind !== look.kind) await this.#load(look.kind);
    if (before?.colour !== look.colour) this.#dress();
    if (!isSame) this.#ask();
  }

  /** @param {import('./vehicle.js').Kind} kind */
  async #load(kind) {
    const vehicle = await Vehicle.load(kind);
    if (this.#look?.kind !== kind || this.#end.signal.aborted) return vehicle.dispose();
    if (this.#vehicle) this.#scene.remove(this.#vehicle.group);
    this.#vehicle?.dispose();
    this.#vehicle = vehicle;
    this.#scene.add(vehicle.group);
    studio.foot.value = vehicle.foot;
    this.#dress();
  }

  /** Gives back what it holds. */
  dispose() {
    this.#end.abort();
    cancelAnimationFrame(this.#asked);
    this.#vehicle?.dispose();
    this.#mirror.dispose();
    this.#renderer.dispose();
    this.#renderer.domElement.remove();
  }

  get #isMoving() {
    const isRolling = (this.#look?.speed ?? 0) > 0 || this.#motion.speed > REST;
    return this.#isDriving && isRolling && this.#isSeen && !document.hidden;
  }

  #ask() {
    if (this.#asked === 0 && !document.hidden && !this.#end.signal.aborted) this.#asked = requestAnimationFrame((time) => this.#next(time));
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
    if (isNext) {
      this.#motion.step(this.#look?.speed ?? 0, passed / 1000);
      this.#rolled += passed;
    }
    if (pace !== 'skip') this.#draw();
    if (this.#isMoving) this.#ask();
  }

  #draw() {
    if (!this.#vehicle || !this.#look) return;
    const { running, rpm, isSlowing } = this.#look;
    const { uniforms, mesh } = this.#ground;
    this.#vehicle.light(this.#look);
    this.#vehicle.move(this.#motion, running && rpm > 0 ? Math.sin(this.#rolled * 0.05) * 0.0008 : 0);
    uniforms.way.value = this.#motion.way % 4;
    uniforms.beam.value = running ? 0.5 : 0;
    uniforms.brake.value = isSlowing ? 0.7 : running ? 0.12 : 0;
    this.#place(this.#orbit.azimuth + Math.sin(this.#rolled * 0.00018) * SWAY, this.#vehicle.view);
    mesh.visible = false;
    if (this.#pace.isFast) this.#mirror.draw(this.#renderer, this.#scene, this.#camera, this.#vehicle.view.height, uniforms);
    mesh.visible = true;
    uniforms.shine.value = this.#pace.isFast ? 0.42 : 0;
    this.#renderer.render(this.#scene, this.#camera);
    this.#pointed(this.#spots(this.#vehicle));
    this.drawn++;
    this.#frame.dataset.frames = String(this.drawn);
  }

  /**
   * @param {number} azimuth
   * @param {{ size: number, height: number }} view
   */
  #place(azimuth, view) {
    // As near as it fits.
    const { size, height } = view;
    const distance = Math.max(8, 12.2 / this.#camera.aspect) * size;
    const away = Math.cos(this.#orbit.height) * distance;
    this.#camera.position.set(Math.cos(azimuth) * away, height + Math.sin(this.#orbit.height) * distance, Math.sin(azimuth) * away);
    this.#camera.lookAt(0, height, 0);
    this.#camera.updateMatrixWorld();
  }

  /** Where what glows is in the picture. @param {Vehicle} vehicle */
  #spots(vehicle) {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    return Object.fromEntries(vehicle.marks(this.#camera.position).map(({ name, at, isSeen }) => {
      const { x, y } = at.project(this.#camera);
      return [name, { x: (x + 1) / 2 * width, y: (1 - y) / 2 * height, isSeen }];
    }));
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    if (width === 0 || height === 0) return;
    const pixels = Math.min(devicePixelRatio, this.#pace.pixels);
    this.#renderer.setPixelRatio(pixels);
    this.#renderer.setSize(width, height);
    this.#mirror.resize(width * pixels, height * pixels);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.#ask();
  }

  /** In the page's colours. */
  #dress() {
    const style = getComputedStyle(this.#frame);
    const { line, shade } = this.#ground.uniforms;
    if (this.#vehicle) this.#vehicle.paint = style.getPropertyValue('--paint').trim();
    for (const [colour, name] of /** @type {const} */ ([[line, '--road-line'], [shade, '--road-shade']])) colour.value.setStyle(style.getPropertyValue(name).trim()).convertLinearToSRGB();
    light(style.colorScheme === 'dark' || (style.colorScheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches));
    this.#ask();
  }
}

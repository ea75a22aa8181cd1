// @ts-check
import { word } from '../app/words.js';

/** @typedef {import('../scene/stage.js').Stage} Stage */

const STILL = matchMedia('(prefers-reduced-motion: reduce)');
const [COLD, RIGHT, WARM, HOT] = [40, 75, 95, 110];

/**
 * The vehicle: three-dimensional where the browser can and the user wants movement, otherwise the drawing in
 * the page. The library comes after the first number.
 */
customElements.define('vehicle-scene', class extends HTMLElement {
  #frame = document.createElement('div');
  /** @type {Stage | null} */
  #stage = null;
  #asked = false;

  connectedCallback() {
    this.#frame.className = 'stage';
    STILL.addEventListener('change', () => this.#choose());
    this.#choose();
  }

  /**
   * @param {import('../app/view.js').View} view
   * @param {boolean} isStill  True if time is paused although the vehicle was running.
   */
  show({ data, state }, isStill = false) {
    const running = state === 'running';
    const load = (data?.engine_load ?? 0) / 100;
    const coolant = data?.coolant_temperature ?? null;
    this.style.setProperty('--load', running ? load.toFixed(2) : '0');
    this.style.setProperty('--chill', `${coolant === null ? 0 : part(coolant, RIGHT, COLD)}%`);
    this.style.setProperty('--heat', `${coolant === null ? 0 : part(coolant, WARM, HOT)}%`);
    this.#stage?.show({ running, moving: running && !isStill, speed: data?.vehicle_speed ?? 0, rpm: data?.rpm ?? 0, load, coolant });
    if (data && !this.#asked && !STILL.matches) {
      this.#asked = true;
      if ('requestIdleCallback' in window) requestIdleCallback(() => this.#raise(), { timeout: 2000 });
      else setTimeout(() => this.#raise());
    }
  }

  async #raise() {
    if (!document.createElement('canvas').getContext('webgl2')) return;
    try {
      const { Stage } = await import('../scene/stage.js');
      this.append(this.#frame);
      this.#frame.tabIndex = 0;
      this.#frame.setAttribute('role', 'img');
      this.#frame.setAttribute('aria-label', word('scene.label'));
      this.#frame.title = word('scene.hint');
      this.#stage = new Stage(this.#frame);
      this.#frame.querySelector('canvas')?.addEventListener('webglcontextlost', () => this.#fall());
      this.#choose();
    } catch {
      this.#fall();
    }
  }

  #fall() {
    this.#frame.remove();
    this.#stage = null;
    this.#choose();
  }

  #choose() {
    this.dataset.picture = this.#stage && !STILL.matches ? 'scene' : 'drawing';
  }
});

/**
 * How far a value is between two others, in per cent.
 * @param {number} value
 * @param {number} from
 * @param {number} to
 */
function part(value, from, to) {
  return Math.round(Math.min(1, Math.max(0, (value - from) / (to - from))) * 100);
}

// @ts-check
import { vehicleStateOf } from '../app/vehicle-state.js';
import { word } from '../app/words.js';

/** @typedef {import('../scene/stage.js').Stage} Stage */

const STILL = matchMedia('(prefers-reduced-motion: reduce)');

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
  show(view, isStill = false) {
    const state = vehicleStateOf(view);
    const { colour, running, effort, warmth } = state;
    if (colour) this.style.setProperty('--paint', colour);
    else this.style.removeProperty('--paint');
    this.style.setProperty('--load', running ? Math.abs(effort ?? 0).toFixed(2) : '0');
    this.style.setProperty('--chill', `${Math.round(Math.max(-warmth, 0) * 100)}%`);
    this.style.setProperty('--heat', `${Math.round(Math.max(warmth, 0) * 100)}%`);
    this.#stage?.show(state, running && !isStill);
    if (view.data && !this.#asked && !STILL.matches) {
      this.#asked = true;
      if ('requestIdleCallback' in window) requestIdleCallback(() => this.#raise(state), { timeout: 2000 });
      else setTimeout(() => this.#raise(state));
    }
  }

  /** @param {import('../app/vehicle-state.js').VehicleState} state */
  async #raise(state) {
    if (!document.createElement('canvas').getContext('webgl2')) return;
    try {
      const { Stage } = await import('../scene/stage.js');
      this.append(this.#frame);
      this.#frame.tabIndex = 0;
      this.#frame.setAttribute('role', 'img');
      this.#frame.setAttribute('aria-label', word('scene.label'));
      this.#frame.title = word('scene.hint');
      const stage = new Stage(this.#frame);
      this.#frame.querySelector('canvas')?.addEventListener('webglcontextlost', () => this.#fall());
      await stage.show(state, false);
      this.#stage = stage;
      this.#choose();
    } catch {
      this.#fall();
    }
  }

  #fall() {
    this.#stage?.dispose();
    this.#frame.remove();
    this.#stage = null;
    this.#choose();
  }

  #choose() {
    this.dataset.picture = this.#stage && !STILL.matches ? 'scene' : 'drawing';
  }
});

// @ts-check
import { lateStyle } from '../app/late-style.js';
import { Slowing } from '../app/slowing.js';
import { vehicleStateOf } from '../app/vehicle-state.js';
import { learnBook, word } from '../app/words.js';
import { drawKind } from './vehicle-drawing.js';
import { SceneNotes } from './scene-notes.js';
import { labelOf, notesOf } from './scene-words.js';

/** @typedef {import('../scene/stage.js').Stage} Stage */

const STILL = matchMedia('(prefers-reduced-motion: reduce)');

await Promise.all([learnBook('scene'), lateStyle('scene-notes'), lateStyle('vehicle-picture')]);

/**
 * The vehicle: three-dimensional where the browser can and the user wants movement, otherwise the drawing in
 * the page. The library comes after the first number.
 */
customElements.define('vehicle-scene', class extends HTMLElement {
  #frame = document.createElement('div');
  #drawing = this.querySelector('.drawing');
  #notes = new SceneNotes();
  #slowing = new Slowing();
  /** @type {Stage | null} */
  #stage = null;
  #asked = false;

  connectedCallback() {
    this.#frame.className = 'stage';
    this.#frame.tabIndex = 0;
    this.#frame.title = word('scene.hint');
    for (const picture of [this.#frame, this.#drawing]) picture?.setAttribute('role', 'img');
    this.append(this.#notes.element);
    STILL.addEventListener('change', () => this.#choose());
    this.#choose();
  }

  /**
   * @param {import('../app/view.js').View} view
   * @param {boolean} isStill  True if time is paused although the vehicle was running.
   */
  show(view, isStill = false) {
    const state = vehicleStateOf(view, this.#slowing.hear(view));
    const { colour, running, effort, warmth, kind, isSlowing } = state;
    if (colour) this.style.setProperty('--paint', colour);
    else this.style.removeProperty('--paint');
    this.style.setProperty('--load', running ? Math.abs(effort ?? 0).toFixed(2) : '0');
    this.style.setProperty('--chill', `${Math.round(Math.max(-warmth, 0) * 100)}%`);
    this.style.setProperty('--heat', `${Math.round(Math.max(warmth, 0) * 100)}%`);
    this.style.setProperty('--store', String(state.store ?? 0));
    this.dataset.kind = kind;
    if (this.#drawing) drawKind(this.#drawing, kind);
    this.toggleAttribute('data-slowing', isSlowing);
    for (const [picture, canTurn] of /** @type {const} */ ([[this.#frame, true], [this.#drawing, false]])) setLabel(picture, view.data ? labelOf(state, canTurn) : word(`scene.kind.${kind}`));
    const notes = notesOf(state);
    this.dataset.store = notes.store?.tone ?? 'none';
    if (view.data) this.#notes.show(notes);
    this.#stage?.show(state, running && !isStill && !STILL.matches).catch(() => this.#fall());
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
      this.#notes.element.before(this.#frame);
      const stage = new Stage(this.#frame, (spots) => this.#notes.point(spots));
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
    const isScene = this.#stage !== null && !STILL.matches;
    this.dataset.picture = isScene ? 'scene' : 'drawing';
    this.#drawing?.setAttribute('aria-hidden', String(isScene));
  }
});

/** @param {Element | null} picture @param {string} label */
function setLabel(picture, label) {
  if (picture && picture.getAttribute('aria-label') !== label) picture.setAttribute('aria-label', label);
}

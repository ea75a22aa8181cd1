// @ts-check
import { amount, plain } from '../app/alert-words.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/**
 * @typedef {{ value: number, clear: number | undefined, unit: string, step: number, lowest: number, highest: number }} Line
 * @typedef {HTMLElement & { show(line: Line | null): void, place(plot: import('../charts/plot.js').Plot): void }} ThresholdLine
 */

const LEAP = 10;

/**
 * The threshold on a chart, as a line to drag: with the pointer, a finger or the keyboard. Fires `slide` with each value, and `drop` at the end.
 */
customElements.define('threshold-line', class extends HTMLElement {
  #handle = make('div', 'line-grip');
  #label = make('span', 'line-label');
  #clear = make('div', 'line-clear');
  /** @type {Line | null} */
  #line = null;
  /** @type {import('../charts/plot.js').Plot} */
  #plot = null;
  #isDragged = false;

  connectedCallback() {
    const handle = this.#handle;
    handle.setAttribute('role', 'slider');
    handle.setAttribute('aria-label', word('edit.threshold'));
    handle.setAttribute('aria-orientation', 'vertical');
    handle.tabIndex = 0;
    handle.replaceChildren(this.#label);
    this.replaceChildren(this.#clear, handle);
    handle.addEventListener('keydown', (event) => this.#step(event));
    handle.addEventListener('pointerdown', (event) => this.#grip(event));
    handle.addEventListener('pointermove', (event) => this.#isDragged && this.#go(this.#valueAt(event.clientY)));
    for (const end of ['pointerup', 'pointercancel']) handle.addEventListener(end, () => this.#letGo());
    // The plot's own would begin to select a time.
    for (const type of ['mousedown', 'touchstart', 'click']) handle.addEventListener(type, (event) => event.stopPropagation());
  }

  /** @param {Line | null} line */
  show(line) {
    this.#line = line;
    this.hidden = line === null;
    this.#put();
  }

  /** @param {import('../charts/plot.js').Plot} plot */
  place(plot) {
    this.#plot = plot;
    this.#put();
  }

  #put() {
    const plot = this.#plot;
    const line = this.#line;
    if (!plot || !line || Number.isNaN(line.value)) return;
    const { value, clear, unit, lowest, highest } = line;
    this.#handle.style.translate = `0 ${plot.valToPos(value, 'y')}px`;
    this.#clear.hidden = clear === undefined || Number.isNaN(clear);
    if (clear !== undefined) this.#clear.style.translate = `0 ${plot.valToPos(clear, 'y')}px`;
    setText(this.#label, amount(plain(value), unit));
    for (const [name, text] of Object.entries({ valuenow: value, valuemin: Math.min(lowest, value), valuemax: Math.max(highest, value) })) this.#handle.setAttribute(`aria-${name}`, String(text));
    this.#handle.setAttribute('aria-valuetext', amount(plain(value), unit));
  }

  /** @param {number} clientY */
  #valueAt(clientY) {
    const { top, height } = this.#plot.over.getBoundingClientRect();
    return this.#plot.posToVal(Math.min(height, Math.max(0, clientY - top)), 'y');
  }

  /** @param {number} value */
  #go(value) {
    const line = this.#line;
    if (!line) return;
    const rounded = Number((Math.round(value / line.step) * line.step).toPrecision(12));
    if (rounded === line.value) return;
    this.#line = { ...line, value: rounded };
    this.#put();
    this.dispatchEvent(new CustomEvent('slide', { detail: rounded }));
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const line = this.#line;
    if (!line) return;
    const { value, step, lowest, highest } = line;
    const to = {
      ArrowUp: value + step, ArrowRight: value + step, ArrowDown: value - step, ArrowLeft: value - step,
      PageUp: value + LEAP * step, PageDown: value - LEAP * step, Home: lowest, End: highest,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#go(to);
    this.dispatchEvent(new Event('drop'));
  }

  /** @param {PointerEvent} event */
  #grip(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#handle.setPointerCapture(event.pointerId);
    this.#handle.focus({ preventScroll: true });
    this.#isDragged = true;
    this.toggleAttribute('data-dragged', true);
  }

  #letGo() {
    if (!this.#isDragged) return;
    this.#isDragged = false;
    this.toggleAttribute('data-dragged', false);
    this.dispatchEvent(new Event('drop'));
  }
});

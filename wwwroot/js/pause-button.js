// @ts-check
import { make, setText } from './text.js';

const HINT = 'Point at a chart, or focus it and use the arrow keys, to read one moment.';

/** Freezes the view, not the collecting. Fires `toggle`. */
customElements.define('pause-button', class extends HTMLElement {
  paused = false;
  #button = /** @type {HTMLButtonElement} */ (make('button', 'pause', 'Pause'));
  #note = make('p', 'pause-note');

  connectedCallback() {
    this.#button.type = 'button';
    this.#button.dataset.pause = '';
    this.#button.addEventListener('click', () => {
      this.paused = !this.paused;
      this.dispatchEvent(new Event('toggle'));
    });
    this.replaceChildren(this.#note, this.#button);
  }

  /** @param {number} missed  Points that came in since the view was frozen. */
  show(missed) {
    this.toggleAttribute('data-paused', this.paused);
    setText(this.#button, this.paused ? 'Resume' : 'Pause');
    setText(this.#note, this.paused ? `Paused · ${Math.max(0, missed)} new ${missed === 1 ? 'point' : 'points'}` : HINT);
  }
});

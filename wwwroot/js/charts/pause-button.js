// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/** Freezes the view, not the collecting. Fires `toggle`. */
customElements.define('pause-button', class extends HTMLElement {
  paused = false;
  #button = /** @type {HTMLButtonElement} */ (make('button', 'pause', word('pause')));
  #note = make('p', 'chart-note');

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
    setText(this.#button, word(this.paused ? 'pause.resume' : 'pause'));
    setText(this.#note, this.paused ? word(missed === 1 ? 'pause.missed.one' : 'pause.missed', { count: Math.max(0, missed) }) : word('pause.hint'));
  }
});

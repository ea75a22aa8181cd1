// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** The way back from a stretch that was dragged over. Fires `unzoom`. */
customElements.define('zoom-out', class extends HTMLElement {
  connectedCallback() {
    const button = /** @type {HTMLButtonElement} */ (make('button', 'button', word('zoom.out')));
    button.type = 'button';
    button.addEventListener('click', () => this.dispatchEvent(new Event('unzoom')));
    this.replaceChildren(button);
  }

  /** @param {boolean} isZoomed */
  show(isZoomed) {
    this.hidden = !isZoomed;
  }
});

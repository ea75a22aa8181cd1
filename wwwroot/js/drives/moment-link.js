// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

const SHOWN = 2000;

/** Copies the address of the moment that is looked at. Browsers let pages do so over HTTPS and from this machine only. Fires `wanted` before. */
customElements.define('moment-link', class extends HTMLElement {
  #button = /** @type {HTMLButtonElement} */ (make('button', 'button', word('play.link')));
  #said = make('span', 'visually-hidden');

  connectedCallback() {
    this.hidden = !navigator.clipboard;
    this.#button.type = 'button';
    this.#button.title = word('play.link.title');
    this.#said.setAttribute('role', 'status');
    this.#button.addEventListener('click', () => this.#copy());
    this.replaceChildren(this.#button, this.#said);
  }

  async #copy() {
    this.dispatchEvent(new Event('wanted'));
    const isCopied = await navigator.clipboard.writeText(location.href).then(() => true, () => false);
    if (!isCopied) return;
    setText(this.#button, word('play.copied'));
    setText(this.#said, word('play.copied'));
    setTimeout(() => {
      setText(this.#button, word('play.link'));
      setText(this.#said, '');
    }, SHOWN);
  }
});

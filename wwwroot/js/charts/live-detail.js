// @ts-check
import { EXTENTS } from './live-extent.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** The choice of the live points that are shown. Fires `choose` with the id of an extent. */
customElements.define('live-detail', class extends HTMLElement {
  #select = document.createElement('select');

  connectedCallback() {
    const label = make('label', 'select');
    this.#select.className = 'field';
    this.#select.append(...EXTENTS.map(({ id }) => new Option(word(`live.${id}`), id)));
    this.#select.addEventListener('change', () => this.dispatchEvent(new CustomEvent('choose', { detail: this.#select.value })));
    label.append(make('span', 'visually-hidden', word('live.legend')), this.#select);
    this.replaceChildren(label);
  }

  /** @param {import('./live-extent.js').Extent} extent */
  show({ id }) {
    this.#select.value = id;
  }
});

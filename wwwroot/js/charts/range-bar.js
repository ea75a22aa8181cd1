// @ts-check
import { choice } from '../elements/choice.js';
import { CUSTOM, LIVE, UNTIL_NOW } from './ranges.js';
import { word } from '../app/words.js';

/** The choice of what the charts show. Fires `choose` with the id of a range. */
customElements.define('range-bar', class extends HTMLElement {
  #choice = choice('range', word('range.legend'), [LIVE, ...UNTIL_NOW, { id: CUSTOM, label: word('range.custom') }],
    (id) => this.dispatchEvent(new CustomEvent('choose', { detail: id })));

  connectedCallback() {
    this.replaceChildren(this.#choice.element);
  }

  /** @param {import('./past.js').Past} past */
  show({ range }) {
    this.#choice.show(range.id);
  }
});

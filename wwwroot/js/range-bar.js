// @ts-check
import { CUSTOM, LIVE, UNTIL_NOW } from './ranges.js';
import { make } from './text.js';
import { word } from './words.js';

/** The choice of what the charts show. Fires `choose` with the id of a range. */
customElements.define('range-bar', class extends HTMLElement {
  /** @type {HTMLInputElement[]} */
  #buttons = [];

  connectedCallback() {
    const group = make('fieldset', 'ranges');
    group.setAttribute('role', 'radiogroup');
    group.append(make('legend', 'visually-hidden', word('range.legend')));
    for (const { id, label } of [LIVE, ...UNTIL_NOW, { id: CUSTOM, label: word('range.custom') }]) {
      const button = document.createElement('input');
      const frame = make('label', 'range');
      button.type = 'radio';
      button.name = 'range';
      button.value = id;
      button.className = 'visually-hidden';
      button.addEventListener('change', () => this.dispatchEvent(new CustomEvent('choose', { detail: id })));
      frame.append(button, make('span', 'range-label', label));
      this.#buttons.push(button);
      group.append(frame);
    }
    this.replaceChildren(group);
  }

  /** @param {import('./past.js').Past} past */
  show({ range }) {
    for (const button of this.#buttons) button.checked = button.value === range.id;
  }
});

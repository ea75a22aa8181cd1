// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import './vehicle-form.js';

/** Every vehicle as a row that opens into its form. */
customElements.define('vehicle-settings', class extends HTMLElement {
  /** @type {Map<number, any>} */
  #forms = new Map();

  connectedCallback() {
    this.append(make('p', 'quiet', word('range.loading')));
  }

  /** @param {readonly import('../app/roster.js').Entry[]} roster */
  show(roster) {
    for (const id of this.#forms.keys()) if (!roster.some(({ vehicleId }) => vehicleId === id)) this.#forms.delete(id);
    for (const { vehicleId } of roster) if (!this.#forms.has(vehicleId)) this.#forms.set(vehicleId, document.createElement('vehicle-form'));
    const shown = roster.map(({ vehicleId }) => this.#forms.get(vehicleId));
    if (shown.length !== this.childElementCount || shown.some((form, i) => form !== this.children[i])) {
      this.replaceChildren(...shown);
      if (shown.length === 1) shown[0].querySelector('details').open = true;
    }

    roster.forEach((entry, i) => shown[i].show(entry, roster));
  }
});

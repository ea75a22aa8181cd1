// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** The choice of vehicle; absent while there is only one. Fires `choose` with the vehicle's id. */
customElements.define('vehicle-switch', class extends HTMLElement {
  #select = document.createElement('select');
  #shown = '';

  connectedCallback() {
    const label = make('label', 'select');
    this.#select.className = 'field';
    label.append(make('span', 'visually-hidden', word('vehicle')), this.#select);
    this.replaceChildren(label);
    this.#select.addEventListener('change', () => {
      this.dispatchEvent(new CustomEvent('choose', { detail: Number(this.#select.value) }));
    });
  }

  /** @param {import('../app/view.js').View} view */
  show({ choices, vehicleId }) {
    this.hidden = choices.length < 2;
    const wanted = JSON.stringify(choices);
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      this.#select.replaceChildren(...choices.map(({ id, name }) => new Option(name, String(id))));
      this.#select.value = String(vehicleId);
    }
    if (this.#select.value !== String(vehicleId)) this.#select.value = String(vehicleId);
  }
});

// @ts-check
import { othersInAddress, putOthersInAddress } from './address.js';
import { askSignals } from './ask-signals.js';
import { SIGNAL_KEYS } from './signals.js';
import { make } from './text.js';
import { word } from './words.js';

/** The choice of a further chart, with the vehicle's other signals to choose from. What is chosen is in the address, and the page begins anew with it. */
customElements.define('chart-picker', class extends HTMLElement {
  #name = document.createElement('input');
  #names = document.createElement('datalist');
  /** @type {number | null} */
  #vehicleId = null;

  connectedCallback() {
    const form = make('form', 'picker');
    const label = make('label', '');
    this.#names.id = 'signal-names';
    this.#name.className = 'field';
    this.#name.required = true;
    this.#name.pattern = '[a-z0-9_]{1,128}';
    this.#name.autocomplete = 'off';
    this.#name.spellcheck = false;
    this.#name.placeholder = word('chart.name');
    this.#name.setAttribute('list', this.#names.id);
    this.#name.addEventListener('focus', () => this.#suggest());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      putOthersInAddress([...othersInAddress(), this.#name.value]);
    });
    label.append(make('span', 'visually-hidden', word('chart.name')), this.#name, this.#names);
    form.append(label, make('button', 'button', word('chart.add')));
    this.replaceChildren(form);
  }

  /** @param {import('./view.js').View} view */
  show({ vehicleId, link }) {
    if (vehicleId === this.#vehicleId || vehicleId === null || link.status !== 'connected') return;
    this.#vehicleId = vehicleId;
    // The charts that the address adds have units that only the server knows.
    if (othersInAddress().length > 0) this.#suggest();
  }

  async #suggest() {
    if (this.#vehicleId === null) return;
    const names = await askSignals(this.#vehicleId);
    this.dispatchEvent(new Event('described'));
    this.#names.replaceChildren(...names.filter((name) => !SIGNAL_KEYS.includes(name)).map((name) => new Option(name)));
  }
});

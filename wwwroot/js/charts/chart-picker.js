// @ts-check
import { askSignals } from '../app/ask-signals.js';
import { shownKeys, signalOf } from '../app/signals.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** The choice of a further chart, of the vehicle's other signals; absent where it has none. Fires `add` with the signal, and `described` when it knows their units. */
customElements.define('chart-picker', class extends HTMLElement {
  #form = make('form', 'picker');
  #select = document.createElement('select');
  /** @type {number | null} */
  #vehicleId = null;

  connectedCallback() {
    const label = make('label', 'select');
    this.#select.className = 'field';
    this.#select.addEventListener('focus', () => this.offer());
    this.#form.hidden = true;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!shownKeys().includes(this.#select.value)) this.dispatchEvent(new CustomEvent('add', { detail: this.#select.value }));
    });
    label.append(make('span', 'visually-hidden', word('chart.name')), this.#select);
    this.#form.append(label, make('button', 'button', word('chart.add')));
    this.replaceChildren(this.#form);
  }

  /** @param {import('../app/view.js').View} view */
  show({ vehicleId, link }) {
    if (vehicleId === this.#vehicleId || vehicleId === null || link.status !== 'connected') return;
    this.#vehicleId = vehicleId;
    this.offer();
  }

  async offer() {
    const vehicleId = this.#vehicleId;
    if (vehicleId === null) return;
    const names = (await askSignals(vehicleId)).filter((name) => !shownKeys().includes(name));
    if (vehicleId !== this.#vehicleId) return;
    // The added charts have units that only the server knows.
    this.dispatchEvent(new Event('described'));
    this.#form.hidden = names.length === 0;
    const offered = [...this.#select.options].map(({ value }) => value);
    if (names.join() !== offered.join()) this.#select.replaceChildren(...names.map((name) => new Option(signalOf(name).label, name)));
  }
});

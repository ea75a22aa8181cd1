// @ts-check
import { choice } from '../elements/choice.js';
import { ORDERS, STATES } from './fleet-choice.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

const LABELS = /** @type {const} */ ({ all: 'fleet.all', running: 'state.running', offline: 'state.parked', alerts: 'fleet.alerts' });

/** Which vehicles, and in which order. Fires `choose` with the changed part of a Choice. */
customElements.define('fleet-filter', class extends HTMLElement {
  #search = document.createElement('input');
  #order = document.createElement('select');
  #state = choice('state', word('fleet.state'), STATES.map((id) => ({ id, label: word(LABELS[id]) })), (state) => this.#fire({ state }));

  connectedCallback() {
    this.#search.type = 'search';
    this.#search.className = 'field';
    this.#search.autocomplete = 'off';
    this.#search.spellcheck = false;
    this.#search.placeholder = word('fleet.search');
    this.#search.addEventListener('input', () => this.#fire({ search: this.#search.value }));
    this.#order.className = 'field';
    this.#order.append(...ORDERS.map((order) => new Option(word(`fleet.order.${order}`), order)));
    this.#order.addEventListener('change', () => this.#fire({ order: this.#order.value }));
    this.replaceChildren(labelled('fleet.search', this.#search), this.#state.element, labelled('fleet.order', this.#order, 'select'));
  }

  /** @param {import('./fleet-store.js').FleetView} view */
  show({ choice: { search, state, order } }) {
    if (this.#search.value !== search) this.#search.value = search;
    if (this.#order.value !== order) this.#order.value = order;
    this.#state.show(state);
  }

  /** @param {object} detail */
  #fire(detail) {
    this.dispatchEvent(new CustomEvent('choose', { detail }));
  }
});

/**
 * @param {'fleet.search' | 'fleet.order'} name
 * @param {HTMLElement} field
 * @param {string} [className]
 */
function labelled(name, field, className = '') {
  const label = make('label', className);
  label.append(make('span', 'visually-hidden', word(name)), field);
  return label;
}

// @ts-check
import { choice } from '../elements/choice.js';
import { ORDERS, STATES, isDescending } from './fleet-choice.js';
import { COLUMNS } from './fleet-columns.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

const LABELS = /** @type {const} */ ({ all: 'fleet.all', running: 'state.running', offline: 'state.parked', alerts: 'fleet.alerts' });

/** Which vehicles, and in which order. Fires `choose` with the changed part of a Choice. */
customElements.define('fleet-filter', class extends HTMLElement {
  #search = document.createElement('input');
  #order = document.createElement('select');
  #turn = /** @type {HTMLButtonElement} */ (make('button', 'button fleet-turn'));
  #state = choice('state', word('fleet.state'), STATES.map((id) => ({ id, label: word(LABELS[id]) })), (state) => this.#fire({ state }));
  #isReversed = false;

  connectedCallback() {
    this.#search.type = 'search';
    this.#search.className = 'field';
    this.#search.autocomplete = 'off';
    this.#search.spellcheck = false;
    this.#search.placeholder = word('fleet.search');
    this.#search.addEventListener('input', () => this.#fire({ search: this.#search.value }));
    this.#order.className = 'field';
    this.#order.append(...ORDERS.map((order) => new Option(labelOf(order), order)));
    this.#order.addEventListener('change', () => this.#fire({ order: this.#order.value, reversed: false }));
    this.#turn.type = 'button';
    this.#turn.title = word('fleet.turn');
    this.#turn.setAttribute('aria-label', word('fleet.turn'));
    this.#turn.addEventListener('click', () => this.#fire({ reversed: !this.#isReversed }));
    const tools = make('div', 'fleet-tools');
    tools.append(labelled('fleet.order', this.#order, 'select'), this.#turn, document.createElement('fleet-menu'));
    this.replaceChildren(labelled('fleet.search', this.#search), this.#state.element, tools);
  }

  /** @param {import('./fleet-store.js').FleetView} view */
  show({ choice: { search, state, order, reversed } }) {
    this.#isReversed = reversed;
    if (this.#search.value !== search) this.#search.value = search;
    if (this.#order.value !== order) this.#order.value = order;
    setText(this.#turn, isDescending(order, reversed) ? '↓' : '↑');
    this.#state.show(state);
  }

  /** @param {object} detail */
  #fire(detail) {
    this.dispatchEvent(new CustomEvent('choose', { detail }));
  }
});

/** @param {string} order */
function labelOf(order) {
  const column = COLUMNS.find(({ id }) => id === order);
  return column ? word('fleet.order.by', { column: column.label }) : word(/** @type {'fleet.order.name'} */ (`fleet.order.${order}`));
}

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

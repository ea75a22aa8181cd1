// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { choice } from '../elements/choice.js';
import { moved } from './trip-period.js';
import { periodName } from './trip-words.js';

/** The month or year that is shown. Fires `choose` with the changes of the book. */
customElements.define('period-bar', class extends HTMLElement {
  #title = make('h2', 'period-name');
  #book = /** @type {import('./trip-book.js').TripBook | null} */ (null);
  #lengths = choice('length', word('trips.length'), [{ id: 'month', label: word('trips.month') }, { id: 'year', label: word('trips.year') }], (id) => this.#choose(id));

  connectedCallback() {
    this.#title.setAttribute('aria-live', 'polite');
    this.replaceChildren(this.#arrow('‹', word('trips.earlier'), -1), this.#title, this.#arrow('›', word('trips.later'), 1), this.#lengths.element);
  }

  /** @param {import('./trip-book.js').TripBook} book */
  show(book) {
    this.#book = book;
    setText(this.#title, periodName(book.period));
    this.#lengths.show(book.period.month === null ? 'year' : 'month');
  }

  /** @param {string} length */
  #choose(length) {
    const { year } = this.#book?.period ?? { year: 0 };
    const now = new Date();
    const month = year === now.getFullYear() ? now.getMonth() : 0;
    this.#fire({ period: { year, month: length === 'year' ? null : month }, by: length === 'year' ? 'month' : 'week' });
  }

  /**
   * @param {string} sign
   * @param {string} label
   * @param {number} steps
   */
  #arrow(sign, label, steps) {
    const button = make('button', 'button period-step', sign);
    button.setAttribute('type', 'button');
    button.setAttribute('aria-label', label);
    button.addEventListener('click', () => this.#book && this.#fire({ period: moved(this.#book.period, steps) }));
    return button;
  }

  /** @param {Partial<import('./trip-book.js').TripBook>} detail */
  #fire(detail) {
    this.dispatchEvent(new CustomEvent('choose', { detail }));
  }
});

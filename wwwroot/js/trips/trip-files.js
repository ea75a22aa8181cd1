// @ts-check
import { kept } from '../app/kept.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { PRICES } from './trip-book.js';
import { button } from './button.js';

const LABELS = /** @type {const} */ ({ fuel_price: 'trips.price.fuel', energy_price: 'trips.price.energy' });

/** Prices, the file of the drives, and the logbook on paper. Fires `price`. */
customElements.define('trip-files', class extends HTMLElement {
  #csv = /** @type {HTMLAnchorElement} */ (make('a', 'button', word('trips.csv')));

  connectedCallback() {
    this.#csv.download = '';
    this.replaceChildren(...PRICES.map((name) => {
      const frame = make('label', 'price');
      const field = document.createElement('input');
      Object.assign(field, { type: 'number', min: '0', max: '1000000', step: 'any', className: 'field', value: kept(name) ?? '' });
      field.addEventListener('change', () => field.checkValidity() && this.dispatchEvent(new CustomEvent('price', { detail: { name, price: field.value } })));
      frame.append(make('span', 'price-name quiet', word(LABELS[name])), field);
      return frame;
    }), this.#csv, button(word('trips.print'), () => print()));
  }

  /** @param {import('./trip-book.js').TripBook} book */
  show(book) {
    this.#csv.href = `trips/export?${book.query()}`;
  }
});

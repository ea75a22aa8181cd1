// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/** From page to page of the list. Fires `choose` with the page. */
customElements.define('fleet-pager', class extends HTMLElement {
  #back = /** @type {HTMLButtonElement} */ (make('button', 'button', word('fleet.back')));
  #next = /** @type {HTMLButtonElement} */ (make('button', 'button', word('fleet.next')));
  #where = make('span', 'quiet');
  #page = 1;

  connectedCallback() {
    const nav = make('nav', 'pager');
    nav.setAttribute('aria-label', word('fleet.pages'));
    for (const [button, step] of /** @type {const} */ ([[this.#back, -1], [this.#next, 1]])) {
      button.type = 'button';
      button.addEventListener('click', () => this.#turn(step));
    }
    nav.append(this.#back, this.#where, this.#next);
    this.replaceChildren(nav);
  }

  /** @param {import('./fleet-store.js').FleetView} view */
  show({ pages, choice: { page } }) {
    this.#page = Math.min(page, pages);
    this.hidden = pages === 1;
    this.#back.disabled = this.#page === 1;
    this.#next.disabled = this.#page === pages;
    setText(this.#where, word('fleet.page', { page: this.#page, pages }));
  }

  /** @param {number} step */
  #turn(step) {
    this.dispatchEvent(new CustomEvent('choose', { detail: { page: this.#page + step } }));
    document.querySelector('fleet-table')?.scrollIntoView({ block: 'nearest' });
  }
});

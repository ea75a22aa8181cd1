// @ts-check
import { setText } from '../app/text.js';

/** The name of the vehicle, in the page's heading and in the tab. */
customElements.define('vehicle-title', class extends HTMLElement {
  #page = document.title;

  /** @param {import('../app/view.js').View} view */
  show(view) {
    setText(this, view.name);
    const title = view.vehicleId === null ? this.#page : `${view.name} · ${this.#page}`;
    if (document.title !== title) document.title = title;
  }
});

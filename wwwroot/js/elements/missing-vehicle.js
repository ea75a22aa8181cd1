// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';

const MAX_LINKS = 12;

/** Says that there is no such vehicle, and leads to those that there are. */
customElements.define('missing-vehicle', class extends HTMLElement {
  #shown = '';

  /** @param {import('../app/view.js').View} view */
  show({ isMissing, vehicleId, choices }) {
    this.hidden = !isMissing;
    const shown = JSON.stringify([isMissing, vehicleId, choices]);
    if (!isMissing || shown === this.#shown) return;
    this.#shown = shown;
    const list = make('p', 'missing-links');
    list.append(...choices.slice(0, MAX_LINKS).map(({ id, name }) => {
      const link = /** @type {HTMLAnchorElement} */ (make('a', 'button', name));
      const url = new URL(location.href);
      url.searchParams.set('vehicle_id', String(id));
      url.hash = '';
      link.href = url.href;
      return link;
    }));
    this.replaceChildren(make('h2', '', word('missing.vehicle', { id: vehicleId ?? '' })), make('p', 'quiet', word('missing.vehicle.why')), list);
  }
});

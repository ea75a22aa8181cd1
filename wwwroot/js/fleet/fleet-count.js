// @ts-check
import { setText } from '../app/text.js';
import { word } from '../app/words.js';

/** How many vehicles there are, and how many of them run. */
customElements.define('fleet-count', class extends HTMLElement {
  /** @param {import('./fleet-store.js').FleetView} view */
  show({ loading, isPartial, linkLost, total, running, count }) {
    if (loading || isPartial) setText(this, word(linkLost ? 'last.waiting' : 'fleet.loading'));
    else setText(this, word(count === total ? 'fleet.count' : 'fleet.count.some', { total, running, count }));
  }
});

// @ts-check
import { age } from './age.js';
import { NOTHING, format } from './signals.js';
import { setText } from './text.js';

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/**
 * Local time; the day too, unless it is today.
 * @param {number} timestamp
 */
function when(timestamp) {
  const day = DAY.format(timestamp);
  return day === DAY.format(Date.now()) ? TIME.format(timestamp) : `${day}, ${TIME.format(timestamp)}`;
}

/**
 * The quiet facts below the cards, by the `data-fact` of their places.
 * @type {Record<string, (view: import('./view.js').View) => string>}
 */
const FACTS = {
  rail: ({ data }) => format('fuel_rail_pressure', data?.fuel_rail_pressure),
  device: ({ device }) => device || NOTHING,
  reading: ({ heard, timestamp }) => (heard ? when(timestamp) : NOTHING),
  message: ({ quiet }) => (quiet === null ? NOTHING : age(quiet)),
};

customElements.define('reading-list', class extends HTMLElement {
  /** @param {import('./view.js').View} view */
  show(view) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('[data-fact]'))) {
      const fact = FACTS[place.dataset.fact ?? ''];
      if (fact) setText(place, fact(view));
    }
  }
});

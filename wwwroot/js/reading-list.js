// @ts-check
import { NOTHING, format } from './signals.js';
import { setText } from './text.js';
import { locale, word } from './words.js';

const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

/**
 * The time of today, the day as well of any other day.
 * @param {number} timestamp
 */
function when(timestamp) {
  const day = DAY.format(timestamp);
  return day === DAY.format(Date.now()) ? TIME.format(timestamp) : `${day}, ${TIME.format(timestamp)}`;
}

/** @typedef {import('./latency.js').Latency} Latency */

/**
 * The quiet facts below the cards, by the `data-fact` of their places.
 * @type {Record<string, (view: import('./view.js').View, latency: Latency) => string>}
 */
const FACTS = {
  rail: ({ data }) => format('fuel_rail_pressure', data?.fuel_rail_pressure),
  device: ({ device }) => device || NOTHING,
  reading: ({ heard, timestamp }) => (heard ? when(timestamp) : NOTHING),
  latency: (_, { figures }) => (figures ? word('latency.value', { half: Math.round(figures.half) }) : NOTHING),
  worst: (_, { figures }) => (figures ? word('latency.worst', { most: Math.round(figures.most) }) : ''),
};

customElements.define('reading-list', class extends HTMLElement {
  /**
   * @param {import('./view.js').View} view
   * @param {Latency} latency
   */
  show(view, latency) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('[data-fact]'))) {
      const fact = FACTS[place.dataset.fact ?? ''];
      if (fact) setText(place, fact(view, latency));
    }
  }
});

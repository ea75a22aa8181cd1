// @ts-check
import { cardsOf } from '../app/card-choice.js';

/** Cards beside the vehicle; any others follow in rows. */
const SLOTS = 5;

/** @typedef {HTMLElement & { show(view: import('../app/view.js').View, recent: import('../app/recent.js').Recent, freshness: import('../app/freshness.js').Freshness): void }} Card */

/** The cards of the dashboard, as they are pinned or suit the vehicle. */
export class CardSet {
  #place = /** @type {HTMLElement} */ (document.querySelector('.cards'));
  #more = /** @type {HTMLElement} */ (document.querySelector('.cards-more'));
  /** @type {Map<string, Card>} */
  #cards = new Map([...document.querySelectorAll('kpi-card')].map((card) => [/** @type {HTMLElement} */ (card).dataset.signal ?? '', /** @type {Card} */ (card)]));
  #shown = '';
  /** @type {readonly string[]} */
  keys = [];

  /**
   * @param {import('../app/view.js').View} view
   * @param {import('../app/recent.js').Recent} recent
   * @param {import('../app/freshness.js').Freshness} freshness
   */
  show(view, recent, freshness) {
    if (view.data || view.linkLost || view.state !== 'unknown') this.#arrange(cardsOf(view.vehicleId, view.heard ? view.data : null));
    for (const card of this.#cards.values()) if (!card.hidden) card.show(view, recent, freshness);
  }

  /** @param {readonly string[]} keys */
  #arrange(keys) {
    const shown = keys.join();
    if (shown === this.#shown && this.#place.dataset.count) return;
    this.#shown = shown;
    this.keys = keys;
    for (const [key, card] of this.#cards) {
      if (keys.includes(key)) continue;
      card.hidden = true;
      card.removeAttribute('data-slot');
    }

    keys.forEach((key, i) => {
      const card = this.#cards.get(key) ?? make(key);
      this.#cards.set(key, card);
      card.hidden = false;
      card.dataset.slot = String(i + 1);
      (i < SLOTS ? this.#place : this.#more).append(card);
    });
    this.#more.hidden = keys.length <= SLOTS;
    this.#place.dataset.count = String(Math.min(SLOTS, keys.length));
  }
}

/** @param {string} key */
function make(key) {
  const card = /** @type {Card} */ (document.createElement('kpi-card'));
  card.dataset.signal = key;
  return card;
}

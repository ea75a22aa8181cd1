// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { choice } from '../elements/choice.js';
import { costOf, countOf, dateName, distanceOf, lengthOf, NOTHING, rateOf, speedOf, tagName, useOf } from './trip-words.js';

const GROUPINGS = /** @type {const} */ (['day', 'week', 'month', 'vehicle', 'tag']);

/** @typedef {import('./trip-book.js').Totals} Totals */

/** @type {{ key: import('../app/words.js').Word, text(totals: Totals): string }[]} */
const FIGURES = [
  { key: 'trips.distance', text: ({ distance_km: distance }) => distanceOf(distance) },
  { key: 'trips.drives', text: ({ drives }) => countOf(drives) },
  { key: 'trips.driving', text: ({ driving_seconds: seconds }) => lengthOf(seconds) },
  { key: 'trips.idling', text: ({ idling_seconds: seconds }) => lengthOf(seconds) },
  { key: 'trips.average', text: ({ average_speed: speed }) => speedOf(speed) },
  { key: 'trips.top', text: ({ max_speed: speed }) => speedOf(speed) },
  { key: 'trips.starts', text: ({ engine_starts: starts }) => countOf(starts) },
  { key: 'trips.use', text: useOf },
  { key: 'trips.rate', text: rateOf },
  { key: 'trips.cost', text: ({ cost }) => costOf(cost) },
];

/** Totals of the period, and of its days, weeks, months, vehicles or tags. Fires `choose`. */
customElements.define('trip-totals', class extends HTMLElement {
  #sum = make('dl', 'trip-sum');
  #groups = make('div', 'trip-groups');
  #by = choice('by', word('trips.by'), GROUPINGS.map((id) => ({ id, label: word(`trips.by.${id}`) })), (by) => this.dispatchEvent(new CustomEvent('choose', { detail: { by } })));

  connectedCallback() {
    this.#groups.tabIndex = 0;
    this.#groups.setAttribute('role', 'region');
    this.#groups.setAttribute('aria-label', word('trips.by'));
    this.replaceChildren(this.#sum, this.#by.element, this.#groups);
  }

  /**
   * @param {import('./trip-book.js').TripBook} book
   * @param {(id: number) => string} nameOfVehicle
   */
  show({ total, groups, by, status }, nameOfVehicle) {
    this.#by.show(by);
    this.setAttribute('aria-busy', String(status === 'loading'));
    if (!total || status === 'loading') return;
    const figures = FIGURES.filter(({ text }) => text(total) !== NOTHING);
    this.#sum.replaceChildren(...figures.map(({ key, text }) => {
      const pair = make('div', 'trip-figure');
      pair.append(make('dt', '', word(key)), make('dd', '', text(total)));
      return pair;
    }));
    const table = make('table', 'trip-table');
    const rows = groups.map((group) => row('td', [this.#name(group, nameOfVehicle), ...figures.map(({ text }) => text(group))]));
    const head = document.createElement('thead');
    const body = document.createElement('tbody');
    head.append(row('th', [word(`trips.by.${by}`), ...figures.map(({ key }) => word(key))]));
    body.append(...rows);
    table.append(make('caption', 'visually-hidden', word('trips.by')), head, body);
    this.#groups.replaceChildren(table);
    this.#groups.hidden = groups.length === 0;
  }

  /**
   * @param {Totals} group
   * @param {(id: number) => string} nameOfVehicle
   */
  #name({ start, vehicle_id: id, tag }, nameOfVehicle) {
    return start ? dateName(start) : id ? nameOfVehicle(id) : tagName(tag);
  }
});

/**
 * @param {'td' | 'th'} tag
 * @param {string[]} texts
 */
function row(tag, texts) {
  const element = document.createElement('tr');
  element.append(...texts.map((text, i) => {
    const cell = make(tag === 'td' && i === 0 ? 'th' : tag, '', text);
    if (cell.tagName === 'TH') cell.setAttribute('scope', tag === 'th' ? 'col' : 'row');
    return cell;
  }));
  return element;
}

// @ts-check
import { hourCycle } from '../app/units.js';
import { oldText } from '../app/age.js';
import { GROUPS, groupOf } from '../app/signal-groups.js';
import { askSignals } from '../app/ask-signals.js';
import { isSameDay } from '../app/calendar.js';
import { NOTHING, isSix, show, signalOf, unitOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { learnBook, locale, word } from '../app/words.js';

await learnBook('signals');

const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle });
const DAY = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

/**
 * The time of today, the day as well of any other day.
 * @param {number} timestamp
 */
function when(timestamp) {
  return isSameDay(timestamp, Date.now()) ? TIME.format(timestamp) : `${DAY.format(timestamp)}, ${TIME.format(timestamp)}`;
}

/** @typedef {import('../app/latency.js').Latency} Latency */

/**
 * The quiet facts below the cards, by the `data-fact` of their places.
 * @type {Record<string, (view: import('../app/view.js').View, latency: Latency) => string>}
 */
const FACTS = {
  rail: ({ data }) => show('fuel_rail_pressure', data?.fuel_rail_pressure),
  'rail-unit': ({ data }) => unitOf('fuel_rail_pressure', data?.fuel_rail_pressure),
  device: ({ device }) => device || NOTHING,
  reading: ({ heard, dated, timestamp }) => (heard && dated ? when(timestamp) : NOTHING),
  latency: (_, { figures }) => (figures ? word('latency.value', { half: Math.round(figures.half), most: Math.round(figures.most) }) : NOTHING),
  'latency-unit': (_, { figures }) => (figures ? word('latency.unit', { doubt: Math.ceil(figures.doubt) }) : ''),
};

/** Others than the six, as they come. More than these would no longer be a quiet row. */
const MOST_OTHERS = 24;

customElements.define('reading-list', class extends HTMLElement {
  /** @type {Map<string, ReturnType<typeof makeReading>>} */
  #others = new Map();
  /** @type {Map<string, HTMLElement>} */
  #groups = new Map();
  #vehicleId = -1;

  /**
   * @param {import('../app/view.js').View} view
   * @param {Latency} latency
   * @param {import('../app/freshness.js').Freshness} freshness
   */
  show(view, latency, freshness) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('[data-fact]'))) {
      const fact = FACTS[place.dataset.fact ?? ''];
      if (fact) setText(place, fact(view, latency));
    }
    const rail = /** @type {HTMLElement} */ (this.querySelector('[data-signal="fuel_rail_pressure"]'));
    rail.hidden = view.heard && (view.data?.fuel_rail_pressure ?? null) === null;
    this.#showOthers(view);
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('[data-signal]'))) {
      const old = freshness.oldAge(place.dataset.signal ?? '', view.now, view.state === 'running' ? view.now : view.timestamp);
      place.dataset.level = old === null ? 'normal' : 'old';
      showAge(place, old === null ? '' : oldText(old));
    }
  }

  /** @param {import('../app/view.js').View} view */
  #showOthers({ vehicleId, data }) {
    if (vehicleId !== this.#vehicleId) {
      for (const list of this.#groups.values()) list.parentElement?.remove();
      this.#groups.clear();
      this.#others.clear();
      this.#vehicleId = vehicleId ?? -1;
    }
    const { size } = this.#others;
    for (const [key, value] of Object.entries(data ?? {})) {
      if (isSix(key)) continue;
      if (!this.#others.has(key) && this.#others.size < MOST_OTHERS) this.#add(key);
      this.#others.get(key)?.show(value);
    }
    if (this.#others.size > size) this.#learn(this.#vehicleId);
  }

  /** @param {string} key */
  #add(key) {
    const reading = makeReading(key);
    this.#others.set(key, reading);
    this.#groupOf(key).append(reading.element);
  }

  /** @param {string} key */
  #groupOf(key) {
    const group = groupOf(key);
    const known = this.#groups.get(group);
    if (known) return known;
    const list = make('dl', 'facts');
    const section = make('section', 'reading-group');
    section.append(make('h2', 'group-name', word(`group.${group}`)), list);
    this.#groups.set(group, list);
    const later = GROUPS.slice(GROUPS.indexOf(group) + 1).map((name) => this.#groups.get(name)?.parentElement).find(Boolean);
    this.insertBefore(section, later ?? null);
    return list;
  }

  /** @param {number} vehicleId */
  async #learn(vehicleId) {
    await askSignals(vehicleId);
    for (const reading of this.#others.values()) reading.described();
  }
});

/**
 * @param {HTMLElement} place
 * @param {string} text  Empty: it is not old.
 */
function showAge(place, text) {
  const shown = place.querySelector('.fact-age');
  if (text === '') shown?.remove();
  else if (shown) setText(shown, text);
  else place.querySelector('dt')?.append(' ', make('span', 'fact-age', text));
}

/** @param {string} key */
function makeReading(key) {
  const element = make('div', '');
  const value = make('span', '');
  const unit = make('span', 'unit');
  const place = make('dd', '');
  /** @type {number | null} */
  let last = null;
  element.dataset.signal = key;
  place.append(value, ' ', unit);
  element.append(make('dt', '', signalOf(key).label), place);
  return {
    element,
    described() {
      setText(unit, unitOf(key, last));
    },
    /** @param {number | null} number */
    show(number) {
      last = number;
      setText(value, show(key, number));
      setText(unit, unitOf(key, number));
    },
  };
}

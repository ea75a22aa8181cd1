// @ts-check
import { hourCycle } from '../app/units.js';
import { make, setText } from '../app/text.js';
import { learnBook, locale, word } from '../app/words.js';

await learnBook('signals');

/** @typedef {{ code: string, kind: 'stored' | 'pending' | 'permanent', description: string | null, control_unit: string, last_seen: string }} Code */

// Codes change with a fault or a visit to the workshop, not with the road.
const PAUSE = 60_000;
const SEEN = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle });

/** Trouble codes of the shown vehicle; nothing where it has none. */
customElements.define('trouble-codes', class extends HTMLElement {
  #title = make('h2', 'codes-title', word('codes'));
  #list = make('ul', 'codes-list');
  #vehicleId = -1;
  #askedAt = -Infinity;

  connectedCallback() {
    const section = make('section', 'codes');
    this.#title.id = 'codes-title';
    section.setAttribute('aria-labelledby', this.#title.id);
    section.append(this.#title, this.#list);
    this.replaceChildren(section);
    document.addEventListener('reconnected', () => {
      this.#askedAt = -Infinity;
    });
  }

  /** @param {import('../app/view.js').View} view */
  show({ vehicleId, link }) {
    if (vehicleId === null) return;
    if (vehicleId !== this.#vehicleId) {
      this.#vehicleId = vehicleId;
      this.#askedAt = -Infinity;
      this.#fill([]);
    }
    if (document.hidden || link.status !== 'connected' || performance.now() - this.#askedAt < PAUSE) return;
    this.#askedAt = performance.now();
    this.#ask(vehicleId);
  }

  /** @param {number} vehicleId */
  async #ask(vehicleId) {
    const response = await fetch(`vehicles/${vehicleId}/codes`, { cache: 'no-store' }).catch(() => null);
    const codes = response?.ok ? await response.json().catch(() => null) : null;
    // Without an answer the previous codes stay: a failed request does not clear them.
    if (Array.isArray(codes) && vehicleId === this.#vehicleId) this.#fill(codes);
  }

  /** @param {Code[]} codes */
  #fill(codes) {
    while (this.#list.childElementCount > codes.length) this.#list.lastElementChild?.remove();
    while (this.#list.childElementCount < codes.length) this.#list.append(makeItem());
    codes.forEach((code, i) => fillItem(this.#list.children[i], code));
    this.hidden = codes.length === 0;
  }
});

function makeItem() {
  const item = make('li', 'codes-item');
  item.append(make('strong', 'codes-code'), make('span', 'codes-text'), make('span', 'quiet'));
  return item;
}

/**
 * @param {Element} item
 * @param {Code} code
 */
function fillItem(item, { code, kind, description, control_unit: unit, last_seen: seen }) {
  const [name, text, rest] = /** @type {Iterable<HTMLElement>} */ (item.children);
  setText(name, code);
  setText(text, description ?? word('codes.unknown'));
  text.lang = description === null ? document.documentElement.lang : 'en'; // Descriptions are English everywhere.
  setText(rest, [word(`codes.${kind}`), word('codes.seen', { time: SEEN.format(new Date(seen)) }), word('codes.unit', { unit })].join(' · '));
}

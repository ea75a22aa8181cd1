// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { alertRow } from './alert-row.js';

/**
 * @typedef {import('../app/alert.js').Alert} Alert
 * @typedef {{ id: string, turn: number }} Marked  Each turn, the row is brought into view once.
 * @typedef {{ alerts: readonly Alert[], nameOf: (id: number) => string, now: number, act: import('./alert-row.js').Act, marked: Marked }} Listed
 * @typedef {HTMLElement & { show(listed: Listed): void }} AlertList
 */

/** Alerts, one below the other. A row keeps its place in the document, and so the focus, for as long as its alert is listed. */
customElements.define('alert-list', class extends HTMLElement {
  #list = make('ul', 'alerts');
  /** @type {Map<string, ReturnType<typeof alertRow>>} */
  #rows = new Map();
  #revealed = 0;

  connectedCallback() {
    this.replaceChildren(this.#list);
  }

  /** @param {Listed} listed */
  show({ alerts, nameOf, now, act, marked }) {
    const ids = new Set(alerts.map(({ id }) => id));
    for (const [id, { element }] of this.#rows) {
      if (ids.has(id)) continue;
      element.remove();
      this.#rows.delete(id);
    }
    alerts.forEach((alert, i) => {
      const row = this.#rows.get(alert.id) ?? alertRow(act);
      this.#rows.set(alert.id, row);
      row.show(alert, alert.vehicleId === null ? word('alert.server') : nameOf(alert.vehicleId), now);
      if (this.#list.children[i] !== row.element) this.#list.insertBefore(row.element, this.#list.children[i] ?? null);
      row.mark(alert.id === marked.id);
    });
    const row = this.#rows.get(marked.id);
    if (!row || marked.turn === this.#revealed) return;
    this.#revealed = marked.turn;
    row.element.focus({ preventScroll: true });
    row.element.scrollIntoView({ block: 'center' });
  }
});

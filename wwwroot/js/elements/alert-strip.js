// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import './alert-line.js';

const MAX_LINES = 3;

/** Open alerts of the shown vehicle that no card of the page shows: about its state, or about a signal without a card. */
customElements.define('alert-strip', class extends HTMLElement {
  #shown = '';

  /** @param {import('../app/view.js').View} view */
  show({ alerts }) {
    const rest = alerts.filter(({ signal }) => signal === null || !document.querySelector(`kpi-card[data-signal="${CSS.escape(signal)}"]:not([hidden])`));
    const shown = JSON.stringify(rest);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.hidden = rest.length === 0;
    this.replaceChildren(...rest.slice(0, MAX_LINES).map((alert) => {
      const line = /** @type {HTMLElement & { show(alert: unknown): void }} */ (make('alert-line', ''));
      this.append(line);
      line.show(alert);
      return line;
    }), ...(rest.length > MAX_LINES ? [make('p', 'quiet', word('alerts.more', { count: rest.length - MAX_LINES }))] : []));
  }
});

// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import '../app/alert-words.js';

const MAX_SHOWN = 99;

/** Count of the open alerts, on the bell that leads to them. */
customElements.define('alert-bell', class extends HTMLElement {
  #count = make('span', 'bell-count');

  connectedCallback() {
    this.#count.setAttribute('aria-hidden', 'true');
    this.append(this.#count);
  }

  /** @param {readonly import('../app/alert.js').Alert[]} alerts  The worst first. */
  show(alerts) {
    const count = alerts.length;
    const link = this.closest('a');
    const name = word(count === 0 ? 'bell.none' : count === 1 ? 'bell.one' : 'bell.count', { count });
    this.dataset.severity = alerts[0]?.severity ?? 'none';
    setText(this.#count, count === 0 ? '' : count > MAX_SHOWN ? `${MAX_SHOWN}+` : String(count));
    if (link?.getAttribute('aria-label') !== name) link?.setAttribute('aria-label', name);
    if (link) link.title = name;
  }
});

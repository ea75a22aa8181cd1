// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** Says what is wrong with the server, or on the way to it, a line for each fault, with the server's own reason. That it is away the page says elsewhere. */
customElements.define('server-banner', class extends HTMLElement {
  /** @type {readonly import('../app/faults.js').Fault[] | null} */
  #shown = null;

  connectedCallback() {
    this.setAttribute('role', 'status');
  }

  /** @param {import('../app/view.js').Linked} view */
  show({ faults }) {
    if (faults === this.#shown) return;
    this.#shown = faults;
    const lines = faults.flatMap(linesOf);
    this.hidden = lines.length === 0;
    this.replaceChildren(...lines);
  }
});

/**
 * @param {import('../app/faults.js').Fault} fault
 * @returns {HTMLElement[]}  None of a server that is away.
 */
function linesOf({ kind, reason }) {
  if (kind === 'away') return [];
  const element = make('p', 'fault');
  const why = make('span', 'fault-reason', reason);
  why.lang = 'en';
  element.dataset.fault = kind;
  element.append(make('strong', '', word(`fault.${kind}`)), ' ', kind === 'socket' ? word('fault.socket.detail') : why);
  return [element];
}

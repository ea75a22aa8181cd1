// @ts-check
import { age } from './age.js';
import { setText } from './text.js';

/**
 * How old the values are, unless they are live. Nothing is claimed of a car that was never heard.
 * @param {import('./view.js').View} view
 */
export function lastValueText(view) {
  if (view.heard) return `Last value · ${age(view.age)}`;
  return view.link.status === 'connected' ? 'No reading yet' : 'Waiting for the server';
}

customElements.define('last-value', class extends HTMLElement {
  /** @param {import('./view.js').View} view */
  show(view) {
    this.hidden = view.state === 'running';
    setText(this, lastValueText(view));
  }
});

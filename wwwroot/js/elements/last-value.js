// @ts-check
import { age } from '../app/age.js';
import { setText } from '../app/text.js';
import { word } from '../app/words.js';

/**
 * How old the values are, unless they are live. Nothing is claimed of a car that was never heard.
 * @param {import('../app/view.js').View} view
 */
export function lastValueText(view) {
  if (view.heard) return word('last.value', { age: view.dated === null ? '…' : view.dated ? age(view.age) : word('age.unknown') });
  return word(view.link.status === 'connected' ? 'last.none' : 'last.waiting');
}

customElements.define('last-value', class extends HTMLElement {
  /** @param {import('../app/view.js').View} view */
  show(view) {
    this.hidden = view.state === 'running';
    setText(this, lastValueText(view));
  }
});

// @ts-check
import { make, setText } from './text.js';

/** What became of the question for a range. Fires `retry`. */
customElements.define('range-status', class extends HTMLElement {
  #text = make('p', 'range-text');
  #retry = /** @type {HTMLButtonElement} */ (make('button', 'button', 'Try again'));

  connectedCallback() {
    this.#text.setAttribute('role', 'status');
    this.#retry.type = 'button';
    this.#retry.addEventListener('click', () => this.dispatchEvent(new Event('retry')));
    this.replaceChildren(this.#text, this.#retry);
  }

  /** @param {import('./past.js').Past} past */
  show(past) {
    this.hidden = past.isLive;
    if (past.isLive) return;
    this.dataset.status = past.status;
    this.#retry.hidden = past.status !== 'error';
    setText(this.#text, textOf(past));
  }
});

/** @param {import('./past.js').Past} past */
function textOf({ status, problem, columns }) {
  if (status === 'loading') return 'Loading…';
  if (status === 'error') return `No answer for this range: ${problem}`;
  if (status === 'empty') return 'No readings in this range';
  return `Line: mean over ${lengthOf(columns.bucket)}. Band: lowest to highest.`;
}

/** @param {number} seconds */
function lengthOf(seconds) {
  const [count, unit] = seconds < 60 ? [seconds, 's'] : seconds < 3600 ? [seconds / 60, 'min'] : [seconds / 3600, 'h'];
  return `${Number(count.toFixed(count < 1 ? 3 : 1))} ${unit}`;
}

// @ts-check
import { make, setText } from '../app/text.js';
import { decimal, word } from '../app/words.js';

/** What became of the question for a range. Fires `retry`. */
customElements.define('range-status', class extends HTMLElement {
  #text = make('p', 'range-text');
  #retry = /** @type {HTMLButtonElement} */ (make('button', 'button', word('range.retry')));

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
function textOf({ status, problem, columns, drives }) {
  if (status === 'loading') return word('range.loading');
  if (status === 'error') return word('range.problem', { problem });
  if (status === 'empty') return word('range.empty');
  if (drives.length > 0) return word('columns.ready');
  return word('range.ready', { length: lengthOf(columns.bucket) });
}

/** @param {number} seconds */
function lengthOf(seconds) {
  const [count, unit] = seconds < 60 ? [seconds, 's'] : seconds < 3600 ? [seconds / 60, 'min'] : [seconds / 3600, 'h'];
  return `${decimal(String(Number(count.toFixed(count < 1 ? 3 : 1))))} ${unit}`;
}

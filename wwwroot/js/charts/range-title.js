// @ts-check
import { setText } from '../app/text.js';

/** The shown range in words. */
customElements.define('range-title', class extends HTMLElement {
  /** @param {import('./past.js').Past} past */
  show({ range }) {
    setText(this, range.title);
  }
});

// @ts-check
import { MINUTES, extentInAddress } from './live-extent.js';
import { LIVE } from './ranges.js';
import { setText } from '../app/text.js';
import { word } from '../app/words.js';

/** The shown range in words. */
customElements.define('range-title', class extends HTMLElement {
  /** @param {import('./past.js').Past} past */
  show({ range }) {
    const { id } = extentInAddress();
    setText(this, range === LIVE && id !== MINUTES.id ? word(`live.${id}.title`) : range.title);
  }
});

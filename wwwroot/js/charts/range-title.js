// @ts-check
import { MINUTES } from './live-extent.js';
import { LIVE } from './ranges.js';
import { setText } from '../app/text.js';
import { word } from '../app/words.js';

/** The shown range in words. */
customElements.define('range-title', class extends HTMLElement {
  /**
   * @param {import('./past.js').Past} past
   * @param {import('../app/view.js').View} _
   * @param {import('./live-extent.js').Extent} extent  Of the live points.
   */
  show({ range }, _, { id }) {
    setText(this, range === LIVE && id !== MINUTES.id ? word(`live.${id}.title`) : range.title);
  }
});

// @ts-check
import { iso } from '../app/history.js';
import { UNTIL_NOW, spanOf } from './ranges.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

const MINUTE = 60_000;
const [OF_LIVE] = UNTIL_NOW;

/** Every reading of the shown range, as a file. The live points are too few to keep: instead of them it takes the last minutes. */
customElements.define('export-link', class extends HTMLElement {
  #link = /** @type {HTMLAnchorElement} */ (make('a', 'button'));
  #of = make('span', 'export-of');

  connectedCallback() {
    this.#link.download = '';
    this.#link.append(word('export'), this.#of);
    this.replaceChildren(this.#link);
  }

  /**
   * @param {import('./past.js').Past} past
   * @param {import('../app/view.js').View} view
   */
  show(past, { vehicleId, now }) {
    const range = past.isLive ? OF_LIVE : past.range;
    const { from, to } = range.span ?? wholeMinutes(spanOf(range, now));
    this.hidden = vehicleId === null || from >= to;
    const href = `telemetry/export?${new URLSearchParams({ vehicle_id: String(vehicleId), from: iso(from), to: iso(to), format: 'csv' })}`;
    if (this.#link.getAttribute('href') !== href) this.#link.setAttribute('href', href);
    setText(this.#of, past.isLive ? ` · ${range.label}` : '');
    this.#link.title = word('export.title', { range: range.title });
  }
});

/**
 * The link changes only once a minute, not while it is being used.
 * @param {import('../app/history.js').Span} span
 */
function wholeMinutes({ from, to }) {
  return { from: Math.floor(from / MINUTE) * MINUTE, to: Math.ceil(to / MINUTE) * MINUTE };
}

// @ts-check
import { make, setText } from '../app/text.js';
import { distanceOf, lengthOf, longDayOf, maxSpeedOf, readingsOf, timesOf } from './drive-words.js';

/** When the shown drive was, and how far, fast and long. */
customElements.define('drive-head', class extends HTMLElement {
  #day = make('h2', 'head-day');
  #facts = make('p', 'head-facts');

  connectedCallback() {
    this.replaceChildren(this.#day, this.#facts);
  }

  /** @param {Readonly<import('./drive-log.js').Drive> | null} drive */
  show(drive) {
    if (!drive) return;
    setText(this.#day, `${longDayOf(drive.start)}, ${timesOf(drive)}`);
    setText(this.#facts, [lengthOf(drive.end - drive.start), distanceOf(drive.distance), maxSpeedOf(drive), readingsOf(drive.readings)].filter(Boolean).join(' · '));
  }
});

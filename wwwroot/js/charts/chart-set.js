// @ts-check
import { othersInAddress, putOthersInAddress } from '../app/address.js';
import { addedKeys, setAddedKeys } from '../app/signals.js';
import './chart.js';

/**
 * @typedef {import('./chart.js').Chart} Chart
 * @typedef {HTMLElement & { offer?(): void }} Picker
 */

/** The charts of the page: those of its markup, and of the signals that its address adds. Fires `change` when one is added or removed. */
export class ChartSet extends EventTarget {
  #frame;
  #picker = /** @type {Picker | null} */ (document.querySelector('chart-picker'));
  /** @type {readonly Chart[]} */
  list = [];

  /** @param {HTMLElement} frame */
  constructor(frame) {
    super();
    this.#frame = frame;
    this.#fill(othersInAddress());
    this.#picker?.addEventListener('add', (event) => this.#choose([...addedKeys(), /** @type {CustomEvent<string>} */ (event).detail]));
    frame.addEventListener('remove', (event) => {
      this.#choose(addedKeys().filter((key) => key !== /** @type {CustomEvent<string>} */ (event).detail));
      // The button that had the focus is gone.
      const last = /** @type {HTMLElement | null} */ (frame.querySelector('signal-chart:last-of-type .chart-frame'));
      last?.focus();
    });
  }

  /** @param {readonly string[]} keys */
  #choose(keys) {
    putOthersInAddress(keys);
    this.#fill(othersInAddress());
    this.#picker?.offer?.();
    this.dispatchEvent(new Event('change'));
  }

  /** @param {readonly string[]} keys */
  #fill(keys) {
    const before = addedKeys();
    setAddedKeys(keys);
    for (const key of before.filter((name) => !addedKeys().includes(name))) this.#frame.querySelector(`[data-chart="${key}"]`)?.remove();
    for (const key of addedKeys().filter((name) => !before.includes(name))) {
      const chart = document.createElement('signal-chart');
      chart.dataset.chart = key;
      this.#frame.append(chart);
      import('./remove-button.js').then(({ removeButton }) => chart.querySelector('.chart-head')?.append(removeButton(key)));
    }
    this.list = /** @type {Chart[]} */ ([...this.#frame.querySelectorAll('signal-chart')]);
  }
}

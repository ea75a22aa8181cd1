// @ts-check
import { lateStyle } from '../app/late-style.js';
import { learnBook } from '../app/words.js';
import { CardNotes } from './card-notes.js';
import { Forecasts } from '../app/forecasts.js';

await Promise.all([learnBook('forecasts'), lateStyle('forecasts')]);

/** Forecasts on a page of one vehicle, after its first numbers: in the cards, behind the charts, and their score sheets. */
export class PageForecasts {
  #notes = new CardNotes();
  #forecasts;
  /** @type {(HTMLElement & { show?(vehicleId: number | null, forecasts: Forecasts): void }) | null} */
  #sheets = document.querySelector('forecast-sheets');

  /**
   * @param {import('../app/store.js').Store} store
   * @param {() => void} redraw
   */
  constructor(store, redraw) {
    this.#forecasts = store.forecasts = new Forecasts(store);
    this.#forecasts.addEventListener('change', redraw);
    if (this.#sheets) import('./forecast-sheets.js').then(redraw);
  }

  /** @param {import('../app/view.js').View} view */
  show(view) {
    this.#forecasts.tend(view);
    this.#notes.show(this.#forecasts);
    this.#sheets?.show?.(view.vehicleId, this.#forecasts);
  }
}

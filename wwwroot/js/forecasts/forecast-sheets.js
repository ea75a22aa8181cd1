// @ts-check
import { send } from '../app/send.js';
import { make, setText } from '../app/text.js';
import { shownUnit } from '../app/units.js';
import { word } from '../app/words.js';
import { scatter } from './scatter.js';
import { errorText, forecastName, recordText } from './forecast-words.js';

/**
 * @typedef {import('../app/forecasts.js').Forecasts} Forecasts
 * @typedef {{ forecast: string, unit: string, values: number[], truths: number[] }} Points
 */

/** Score sheets of a vehicle's forecasts: each with its record, and a chart of forecast against truth. Hidden without any. */
customElements.define('forecast-sheets', class extends HTMLElement {
  #vehicleId = -1;
  /** @type {ReturnType<typeof sheet>[]} */
  #sheets = [];

  connectedCallback() {
    this.hidden = true;
  }

  /**
   * @param {number | null} vehicleId
   * @param {Forecasts} forecasts
   */
  show(vehicleId, forecasts) {
    if (vehicleId !== null && vehicleId !== this.#vehicleId) this.#turnTo(vehicleId, forecasts);
    for (const { show } of this.#sheets) show(forecasts);
  }

  /**
   * @param {number} vehicleId
   * @param {Forecasts} forecasts
   */
  async #turnTo(vehicleId, forecasts) {
    this.#vehicleId = vehicleId;
    this.hidden = true;
    this.#sheets = [];
    const { status, body } = await send('GET', `forecasts/points?vehicle_id=${vehicleId}`);
    if (vehicleId !== this.#vehicleId || status !== 200 || !Array.isArray(body) || body.length === 0) return;
    this.#sheets = body.map(sheet);
    const list = make('div', 'sheets');
    list.append(...this.#sheets.map(({ element }) => element));
    this.replaceChildren(make('h2', 'sheets-title', word('forecasts')), make('p', 'sheets-note quiet', word('forecasts.note')), list);
    this.hidden = false;
    this.show(vehicleId, forecasts);
  }
});

/** @param {Points} points */
function sheet({ forecast, unit, values, truths }) {
  const name = forecastName(forecast);
  const element = make('section', 'sheet card');
  const record = make('p', 'sheet-record quiet');
  const chart = scatter(values, truths, unit);
  element.dataset.forecast = forecast;
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', word('forecasts.chart', { name, count: values.length, error: errorText(meanError(values, truths), unit), unit: shownUnit(unit) }));
  element.append(make('h3', 'sheet-name', name), record, chart);
  return {
    element,
    /** @param {Forecasts} forecasts */
    show(forecasts) {
      const known = forecasts.recordOf(forecast);
      setText(record, known ? recordText(forecast, known) : '');
    },
  };
}

/**
 * @param {number[]} values
 * @param {number[]} truths
 */
function meanError(values, truths) {
  return values.reduce((sum, value, i) => sum + Math.abs(value - truths[i]), 0) / values.length;
}

// @ts-check
import { ask } from '../app/history.js';
import { make } from '../app/text.js';
import { shownUnit } from '../app/units.js';
import { word } from '../app/words.js';
import { scatter } from './scatter.js';
import { errorText, forecastName, recordText } from './forecast-words.js';

/** @typedef {{ forecast: string, unit: string, values: number[], truths: number[] }} Points */

/** Score sheets of a vehicle's forecasts: each with its record, and a chart of forecast against truth. Hidden without any. */
customElements.define('forecast-sheets', class extends HTMLElement {
  #vehicleId = -1;

  connectedCallback() {
    this.hidden = true;
  }

  /** @param {number | null} vehicleId */
  show(vehicleId) {
    if (vehicleId === null || vehicleId === this.#vehicleId) return;
    this.#vehicleId = vehicleId;
    this.hidden = true;
    this.#load(vehicleId);
  }

  /** @param {number} vehicleId */
  async #load(vehicleId) {
    const [points, scores] = await Promise.all([this.#ask('forecasts/points', vehicleId), this.#ask('forecasts', vehicleId)]);
    if (vehicleId !== this.#vehicleId || !Array.isArray(points) || !Array.isArray(scores) || points.length === 0) return;
    const list = make('div', 'sheets');
    list.append(...points.map((/** @type {Points} */ entry) => sheet(entry, scores.find(({ forecast }) => forecast === entry.forecast))));
    this.replaceChildren(make('h2', 'sheets-title', word('forecasts')), make('p', 'sheets-note quiet', word('forecasts.note')), list);
    this.hidden = false;
  }

  /**
   * @param {string} path
   * @param {number} vehicleId
   */
  #ask(path, vehicleId) {
    const url = new URL(path, document.baseURI);
    url.searchParams.set('vehicle_id', String(vehicleId));
    return ask(url, new AbortController().signal).catch(() => null);
  }
});

/**
 * @param {Points} points
 * @param {{ unit: string, basis: import('../app/forecasts.js').Basis }} score
 */
function sheet({ forecast, unit, values, truths }, score) {
  const name = forecastName(forecast);
  const element = make('section', 'sheet card');
  const chart = scatter(values, truths, unit);
  element.dataset.forecast = forecast;
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', word('forecasts.chart', { name, count: values.length, error: errorText(meanError(values, truths), unit), unit: shownUnit(unit) }));
  element.append(make('h3', 'sheet-name', name), make('p', 'sheet-record quiet', score ? recordText(forecast, score) : ''), chart);
  return element;
}

/**
 * @param {number[]} values
 * @param {number[]} truths
 */
function meanError(values, truths) {
  return values.reduce((sum, value, i) => sum + Math.abs(value - truths[i]), 0) / values.length;
}

// @ts-check
import { fetchHistory } from '../app/history.js';
import { setText, make } from '../app/text.js';
import { word } from '../app/words.js';
import { positionOf } from './position.js';

const SVG = 'http://www.w3.org/2000/svg';
const POINTS = 400;
const SIZE = 200;
const EDGE = 8;

/** The way of a drive as a plain line, north up. No map is loaded from anywhere. */
customElements.define('trip-track', class extends HTMLElement {
  #status = make('p', 'quiet', word('trips.route.loading'));

  connectedCallback() {
    this.#status.setAttribute('role', 'status');
    this.replaceChildren(this.#status);
  }

  /** @param {import('./trip-book.js').Trip} trip */
  async show(trip) {
    try {
      const keys = await positionOf(trip.vehicle_id);
      if (!keys) throw new Error(word('trips.route.none'));
      const span = { from: Date.parse(trip.start), to: Date.parse(trip.end) + 1 };
      const { signals } = await fetchHistory(trip.vehicle_id, span, POINTS, new AbortController().signal, keys);
      const [lat, lon] = keys.map((key) => signals[key].avg);
      const points = lat.flatMap((value, i) => (value === null || lon[i] === null || (value === 0 && lon[i] === 0) ? [] : [[/** @type {number} */ (lon[i]), value]]));
      if (points.length < 2) throw new Error(word('trips.route.none'));
      this.replaceChildren(drawn(points));
    } catch (error) {
      setText(this.#status, /** @type {Error} */ (error).message);
    }
  }
});

/** @param {number[][]} points  Longitude, latitude. */
function drawn(points) {
  const [west, east] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const [south, north] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))];
  const narrow = Math.cos((south + north) / 2 * Math.PI / 180);
  const scale = (SIZE - 2 * EDGE) / Math.max((east - west) * narrow, north - south, 1e-6);
  const at = (/** @type {number[]} */ [x, y]) => [EDGE + (x - west) * narrow * scale, EDGE + (north - y) * scale].map((value) => value.toFixed(1));
  const picture = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'polyline');
  picture.setAttribute('viewBox', `0 0 ${Math.max(2 * EDGE, (east - west) * narrow * scale + 2 * EDGE).toFixed(0)} ${Math.max(2 * EDGE, (north - south) * scale + 2 * EDGE).toFixed(0)}`);
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', word('trips.route.picture'));
  picture.classList.add('track');
  line.setAttribute('points', points.map((point) => at(point).join()).join(' '));
  picture.append(line, dot(at(points[0]), 'track-start'), dot(at(/** @type {number[]} */ (points.at(-1))), 'track-end'));
  return picture;
}

/**
 * @param {string[]} place
 * @param {string} name
 */
function dot([x, y], name) {
  const circle = document.createElementNS(SVG, 'circle');
  for (const [key, value] of Object.entries({ cx: x, cy: y, r: '5', class: name })) circle.setAttribute(key, value);
  return circle;
}

// @ts-check
import { fetchHistory } from '../app/history.js';
import { setText, make } from '../app/text.js';
import { word } from '../app/words.js';
import { positionOf } from './position.js';

const SVG = 'http://www.w3.org/2000/svg';
const POINTS = 400;
const SIZE = 224;
const EDGE = 8;

/** The way of a drive as a line, north up. A map lies beneath it only if the server is set so. */
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
      const [{ signals }, tiles] = await Promise.all([fetchHistory(trip.vehicle_id, span, POINTS, new AbortController().signal, keys), askTiles()]);
      const [lat, lon] = keys.map((key) => signals[key].avg);
      const places = lat.flatMap((value, i) => (value === null || lon[i] === null || (value === 0 && lon[i] === 0) ? [] : [mercator(value, /** @type {number} */ (lon[i]))]));
      if (places.length < 2) throw new Error(word('trips.route.none'));
      this.replaceChildren(drawn(places, tiles?.tile_url ?? null), ...(tiles?.tile_url && tiles.attribution ? [make('p', 'quiet track-credit', tiles.attribution)] : []));
    } catch (error) {
      setText(this.#status, /** @type {Error} */ (error).message);
    }
  }
});

/** @returns {Promise<{ tile_url: string | null, attribution: string } | null>} */
async function askTiles() {
  const response = await fetch('map', { cache: 'no-store' }).catch(() => null);
  return response?.ok ? response.json().catch(() => null) : null;
}

/**
 * A place in the square of the whole world, 0 to 1, as maps on the web show it.
 * @param {number} latitude
 * @param {number} longitude
 */
function mercator(latitude, longitude) {
  const sine = Math.sin(Math.max(-85, Math.min(85, latitude)) * Math.PI / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/**
 * @param {number[][]} places
 * @param {string | null} tileUrl
 */
function drawn(places, tileUrl) {
  const [left, right] = [Math.min(...places.map(([x]) => x)), Math.max(...places.map(([x]) => x))];
  const [top, bottom] = [Math.min(...places.map(([, y]) => y)), Math.max(...places.map(([, y]) => y))];
  const scale = (SIZE - 2 * EDGE) / Math.max(right - left, bottom - top, 1e-6);
  const at = (/** @type {number[]} */ [x, y]) => [EDGE + (x - left) * scale, EDGE + (y - top) * scale].map((value) => value.toFixed(1));
  const [width, height] = [(right - left) * scale + 2 * EDGE, (bottom - top) * scale + 2 * EDGE];
  const picture = element('svg', { viewBox: `0 0 ${width.toFixed(0)} ${height.toFixed(0)}`, role: 'img', 'aria-label': word('trips.route.picture'), class: 'track' });
  const start = { x: left - EDGE / scale, y: top - EDGE / scale };
  picture.append(
    ...(tileUrl ? tilesOf(tileUrl, start, { width, height }, scale) : []),
    element('polyline', { points: places.map((place) => at(place).join()).join(' ') }), dot(at(places[0]), 'track-start'), dot(at(/** @type {number[]} */ (places.at(-1))), 'track-end'),
  );
  return picture;
}

/**
 * @param {string} url
 * @param {{ x: number, y: number }} start  Of the picture in the world.
 * @param {{ width: number, height: number }} size
 * @param {number} scale  Width of the world in the picture.
 */
function tilesOf(url, start, { width, height }, scale) {
  const zoom = Math.max(0, Math.min(17, Math.floor(Math.log2(scale / 128))));
  const count = 2 ** zoom;
  const tile = scale / count;
  const images = [];
  for (let x = Math.floor(start.x * count); (x / count - start.x) * scale < width; x++) {
    for (let y = Math.floor(start.y * count); (y / count - start.y) * scale < height; y++) {
      const href = url.replace('{z}', String(zoom)).replace('{x}', String((x % count + count) % count)).replace('{y}', String(y));
      if (y >= 0 && y < count) images.push(element('image', { href, x: ((x / count - start.x) * scale).toFixed(1), y: ((y / count - start.y) * scale).toFixed(1), width: tile.toFixed(1), height: tile.toFixed(1) }));
    }
  }

  return images;
}

/**
 * @param {string[]} place
 * @param {string} name
 */
function dot([cx, cy], name) {
  return element('circle', { cx, cy, r: '5', class: name });
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function element(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

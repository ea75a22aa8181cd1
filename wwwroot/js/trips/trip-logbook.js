// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { dateName, distanceOf, NOTHING, periodName, tagName, timeName } from './trip-words.js';

/** @typedef {import('./trip-book.js').Trip} Trip */

const COLUMNS = /** @type {const} */ (['log.date', 'log.start', 'log.end', 'log.from', 'log.to', 'trips.distance', 'trips.tag', 'trips.purpose']);
const TAGS = ['business', 'commute', 'private', null];

/** The logbook on paper: one table a vehicle, in order of time. */
customElements.define('trip-logbook', class extends HTMLElement {
  /**
   * @param {import('./trip-book.js').TripBook} book
   * @param {(id: number) => string} nameOfVehicle
   * @param {(id: number) => string} vinOf
   */
  show({ trips, period }, nameOfVehicle, vinOf) {
    const vehicles = Map.groupBy(trips, ({ vehicle_id: id }) => id);
    this.replaceChildren(...[...vehicles].map(([id, drives]) => {
      const part = make('section', 'log-part');
      const vin = vinOf(id);
      part.append(make('h2', '', word('log.title', { vehicle: nameOfVehicle(id), period: periodName(period) })), ...(vin ? [make('p', '', `VIN ${vin}`)] : []), table(drives), make('p', 'log-sign', word('log.sign')));
      return part;
    }));
  }
});

/** @param {readonly Trip[]} drives */
function table(drives) {
  const element = make('table', 'log');
  const [head, body, foot] = ['thead', 'tbody', 'tfoot'].map((tag) => document.createElement(tag));
  head.append(row(COLUMNS.map((key) => word(key)), 'th'));
  body.append(...drives.map((trip) => row([
    dateName(trip.date), timeName(trip.start), timeName(trip.end), odometer(trip.odometer_start), odometer(trip.odometer_end), distanceOf(trip.distance_km), trip.tag ? tagName(trip.tag) : '', trip.note ?? '',
  ])));
  foot.append(...TAGS.filter((tag) => drives.some((trip) => trip.tag === tag)).map((tag) => {
    const sum = drives.reduce((all, trip) => all + (trip.tag === tag ? trip.distance_km ?? 0 : 0), 0);
    return row([word('log.sum', { tag: tagName(tag) }), '', '', '', '', distanceOf(sum), '', '']);
  }), row([word('log.all'), '', '', '', '', distanceOf(drives.reduce((all, trip) => all + (trip.distance_km ?? 0), 0)), '', '']));
  element.append(head, body, foot);
  return element;
}

/** @param {number | null} kilometres */
const odometer = (kilometres) => (kilometres === null ? NOTHING : distanceOf(kilometres));

/**
 * @param {readonly string[]} texts
 * @param {'td' | 'th'} [tag]
 */
function row(texts, tag = 'td') {
  const element = document.createElement('tr');
  element.append(...texts.map((text) => make(tag, '', text)));
  return element;
}

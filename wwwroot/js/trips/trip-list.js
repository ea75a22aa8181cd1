// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { button } from './button.js';
import { NoteForm } from './note-form.js';
import { costOf, dayName, distanceOf, lengthOf, NOTHING, speedOf, tagName, timeName, useOf } from './trip-words.js';

/** @typedef {import('./trip-book.js').Trip} Trip */

/** @type {{ key: import('../app/words.js').Word, text(trip: Trip): string }[]} */
const FIGURES = [
  { key: 'trips.distance', text: ({ distance_km: distance }) => distanceOf(distance) },
  { key: 'trips.driving', text: ({ driving_seconds: driving, duration_seconds: duration }) => lengthOf(driving ?? duration) },
  { key: 'trips.idling', text: ({ idling_seconds: seconds }) => lengthOf(seconds) },
  { key: 'trips.average', text: ({ average_speed: speed }) => speedOf(speed) },
  { key: 'trips.top', text: ({ max_speed: speed }) => speedOf(speed) },
  { key: 'trips.use', text: useOf },
  { key: 'trips.cost', text: ({ cost }) => costOf(cost) },
];

/** The drives, the newest first, each with a link to it, tag and note. Fires `changed` after a note was written. */
customElements.define('trip-list', class extends HTMLElement {
  /** @type {readonly Trip[] | null} */
  #shown = null;

  /**
   * @param {import('./trip-book.js').TripBook} book
   * @param {(id: number) => string} nameOfVehicle
   * @param {(id: number) => boolean} hasPosition
   */
  show(book, nameOfVehicle, hasPosition) {
    const { trips, status } = book;
    this.setAttribute('aria-busy', String(status === 'loading'));
    if (status === 'loading' || trips === this.#shown) return;
    this.#shown = trips;
    if (trips.length === 0) {
      this.replaceChildren(make('p', 'quiet', word('trips.none')));
      return;
    }

    const figures = FIGURES.filter(({ text }) => trips.some((trip) => text(trip) !== NOTHING));
    const table = make('table', 'trip-list');
    const top = document.createElement('thead');
    const head = document.createElement('tr');
    head.append(...['trips.drive', ...figures.map(({ key }) => key), 'trips.note'].map((key) => {
      const cell = make('th', '', word(/** @type {import('../app/words.js').Word} */ (key)));
      cell.setAttribute('scope', 'col');
      return cell;
    }));
    top.append(head);
    const several = !book.vehicleId;
    let day = '';
    const rows = trips.toReversed().map((trip) => {
      const row = this.#row(book, trip, figures, several ? nameOfVehicle(trip.vehicle_id) : '', hasPosition(trip.vehicle_id));
      if (trip.date !== day) row.id = `day-${trip.date}`;
      day = trip.date;
      return row;
    });
    const body = document.createElement('tbody');
    body.append(...rows);
    table.append(make('caption', 'visually-hidden', word('trips.list')), top, body);
    this.replaceChildren(table);
  }

  /**
   * @param {import('./trip-book.js').TripBook} book
   * @param {Trip} trip
   * @param {typeof FIGURES} shown
   * @param {string} vehicle  Empty: there is no other.
   * @param {boolean} hasPosition
   */
  #row(book, trip, shown, vehicle, hasPosition) {
    const row = document.createElement('tr');
    const head = make('th', 'trip-when');
    const link = /** @type {HTMLAnchorElement} */ (make('a', 'trip-link', `${dayName(trip.date)}, ${timeName(trip.start)} – ${timeName(trip.end)}`));
    link.href = `drives.html?vehicle_id=${trip.vehicle_id}#t=${trip.start.slice(0, 19)}Z`;
    head.setAttribute('scope', 'row');
    head.append(link, ...(vehicle ? [make('span', 'trip-vehicle quiet', vehicle)] : []));
    const figures = shown.map(({ key, text }) => {
      const cell = make('td', 'trip-value', text(trip));
      cell.dataset.name = word(key);
      return cell;
    });
    const note = make('td', 'trip-note');
    this.#showNote(book, trip, note);
    if (hasPosition) {
      const open = button(word('trips.route'), async () => {
        await import('./trip-track.js');
        const track = /** @type {HTMLElement & { show?(trip: Trip): void }} */ (document.createElement('trip-track'));
        open.replaceWith(track);
        track.show?.(trip);
      });
      head.append(open);
    }

    row.append(head, ...figures, note);
    return row;
  }

  /**
   * @param {import('./trip-book.js').TripBook} book
   * @param {Trip} trip
   * @param {HTMLElement} cell
   */
  #showNote(book, trip, cell) {
    const edit = button(word('trips.edit'), () => {
      const form = new NoteForm(book, trip, (isChanged) => {
        this.#showNote(book, trip, cell);
        cell.querySelector('button')?.focus();
        if (isChanged) this.dispatchEvent(new Event('changed'));
      });
      cell.replaceChildren(form.element);
      form.focus();
    });
    edit.setAttribute('aria-label', word('trips.edit.of', { day: dayName(trip.date), time: timeName(trip.start) }));
    cell.replaceChildren(...(trip.tag ? [make('span', 'trip-tag', tagName(trip.tag))] : []), ...(trip.note ? [make('span', 'trip-text', trip.note)] : []), edit);
  }
});

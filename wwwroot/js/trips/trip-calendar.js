// @ts-check
import { make } from '../app/text.js';
import { locale, word } from '../app/words.js';
import { dayText } from './trip-period.js';
import { distanceOf, periodName } from './trip-words.js';

const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
const DAY = 86_400_000;
const MONDAY = Date.UTC(2024, 0, 1);
const LEVELS = 4;

/** A month, one cell a day with its distance; a day with drives leads to them. */
customElements.define('trip-calendar', class extends HTMLElement {
  /** @param {import('./trip-book.js').TripBook} book */
  show({ period: { year, month }, trips, status }) {
    this.hidden = month === null;
    if (month === null || status === 'loading') return;
    const byDay = Map.groupBy(trips, ({ date }) => date);
    const distances = new Map([...byDay].map(([day, drives]) => [day, drives.reduce((sum, { distance_km: distance }) => sum + (distance ?? 0), 0)]));
    const farthest = Math.max(1, ...distances.values());
    const period = periodName({ year, month });
    const table = make('table', 'calendar');
    const head = document.createElement('tr');
    for (let day = 0; day < 7; day++) {
      const cell = make('th', '', weekday.format(MONDAY + day * DAY));
      cell.setAttribute('scope', 'col');
      head.append(cell);
    }

    const body = document.createElement('tbody');
    const before = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7;
    const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    for (let cell = -before; cell < days; cell += 7) {
      const row = document.createElement('tr');
      for (let day = cell + 1; day <= cell + 7; day++) row.append(day < 1 || day > days ? document.createElement('td') : this.#day(day, dayText(year, month, day), byDay, distances, farthest, period));
      body.append(row);
    }

    const top = document.createElement('thead');
    top.append(head);
    table.append(make('caption', 'visually-hidden', word('trips.calendar', { period })), top, body);
    this.replaceChildren(table);
  }

  /**
   * @param {number} number
   * @param {string} day
   * @param {Map<string, import('./trip-book.js').Trip[]>} byDay
   * @param {Map<string, number>} distances
   * @param {number} farthest
   * @param {string} period
   */
  #day(number, day, byDay, distances, farthest, period) {
    const cell = document.createElement('td');
    const drives = byDay.get(day);
    if (!drives) {
      cell.append(make('span', 'calendar-day', String(number)));
      return cell;
    }

    const distance = distances.get(day) ?? 0;
    const link = make('a', 'calendar-day', String(number));
    link.setAttribute('href', `#day-${day}`);
    link.append(make('span', 'visually-hidden', word('trips.day', { period, count: drives.length })), make('span', 'calendar-distance', distanceOf(distance)));
    cell.dataset.level = String(Math.max(1, Math.ceil(distance / farthest * LEVELS)));
    cell.append(link);
    return cell;
  }
});

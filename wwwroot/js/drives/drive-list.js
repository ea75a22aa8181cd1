// @ts-check
import { isStoreInDoubt } from '../app/faults.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { dateOf, dayOf, distanceOf, lengthOf, maxSpeedOf, timesOf } from './drive-words.js';
import { beginningOf } from './drive-log.js';
import { hashOf } from './moment-address.js';
import { profile } from './profile.js';
import { Sketches } from './sketches.js';

/** @typedef {import('./drive-log.js').Drive} Drive */

// The speed charts of a list share their scale: what is twice as high was twice as fast.
const LEAST_SPEED = 60;

/** The drives, under their days, the newest first; each leads to its beginning. Fires `earlier` and `retry`. */
customElements.define('drive-list', class extends HTMLElement {
  #days = make('div', 'days');
  #none = make('p', 'days-none quiet');
  #problem = make('p', 'days-problem');
  #retry = button(word('range.retry'), () => this.dispatchEvent(new Event('retry')));
  #earlier = button(word('drives.earlier'), () => this.dispatchEvent(new Event('earlier')));
  #sketches = new Sketches();
  /** @type {readonly Drive[] | null} */
  #list = null;
  /** @type {Map<Drive, HTMLAnchorElement>} */
  #rows = new Map();

  connectedCallback() {
    this.#problem.setAttribute('role', 'status');
    this.replaceChildren(this.#problem, this.#retry, this.#days, this.#none, this.#earlier);
  }

  /**
   * @param {import('./drive-log.js').DriveLog} log
   * @param {Readonly<Drive> | null} open
   * @param {import('../app/view.js').Linked} view
   */
  show({ list, status, problem, since }, open, { faults }) {
    this.setAttribute('aria-busy', String(status === 'loading'));
    setText(this.#problem, status === 'error' ? word('drives.problem', { problem }) : '');
    this.#retry.hidden = status !== 'error';
    this.#none.hidden = list.length > 0 || status === 'error';
    if (status === 'loading') setText(this.#none, word('drives.loading'));
    else setText(this.#none, status === 'error' || isStoreInDoubt(faults) ? word('drives.unreadable') : word('drives.none', { day: dateOf(since) }));
    this.#earlier.hidden = status === 'error' || (status === 'loading' && list.length === 0);
    this.#earlier.disabled = status === 'loading';
    if (list !== this.#list) this.#fill(list);
    for (const [drive, row] of this.#rows) {
      if (drive.start === open?.start) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  }

  /** @param {readonly Drive[]} list */
  #fill(list) {
    this.#list = list;
    this.#sketches.forget();
    this.#rows.clear();
    const top = Math.max(LEAST_SPEED, ...list.map(({ maxSpeed }) => maxSpeed ?? 0));
    const days = Map.groupBy(list, ({ start }) => dayOf(start));
    this.#days.replaceChildren(...[...days].map(([day, drives]) => {
      const section = make('section', 'day');
      const rows = make('ul', 'day-drives');
      rows.setAttribute('role', 'list');
      rows.append(...drives.map((drive) => {
        const item = document.createElement('li');
        item.append(this.#row(drive, day, top));
        return item;
      }));
      section.append(make('h2', 'day-name', day), rows);
      return section;
    }));
  }

  /**
   * @param {Drive} drive
   * @param {string} day
   * @param {number} top
   */
  #row(drive, day, top) {
    const row = /** @type {HTMLAnchorElement} */ (make('a', 'drive'));
    const line = profile();
    const length = lengthOf(drive.end - drive.start);
    row.href = hashOf(beginningOf(drive));
    row.append(
      make('span', 'visually-hidden', `${day}, `), make('span', 'drive-times', timesOf(drive)), ' ', make('span', 'drive-distance', distanceOf(drive.distance)), ' ',
      make('span', 'drive-length', length), ' ', make('span', 'drive-max', maxSpeedOf(drive)), line.element,
    );
    this.#sketches.want(row, drive, ({ time, speed }) => line.draw(time, speed, { from: drive.start, to: drive.end }, [0, top]));
    this.#rows.set(drive, row);
    return row;
  }
});

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const element = /** @type {HTMLButtonElement} */ (make('button', 'button', text));
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

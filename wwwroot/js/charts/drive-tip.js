// @ts-check
import { distanceText } from '../app/distance.js';
import { show, unitOf } from '../app/signals.js';
import { make } from '../app/text.js';
import { hourCycle } from '../app/units.js';
import { locale, word } from '../app/words.js';

/** @typedef {import('./drive-spreads.js').SpreadDrive} SpreadDrive */

const MINUTE = 60_000;

const moments = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle });

/**
 * What is told of a drive: when it was, how long and how far, and the values of a signal.
 * @param {string} key
 * @param {number} size  Of the largest value of the chart.
 * @param {SpreadDrive} drive
 */
export function textsOf(key, size, { start, end, distance, signals }) {
  const { p5, median, p95 } = signals[key];
  const length = lengthOf(end - start);
  return [
    moments.formatRange(start, end),
    distance === null ? length : `${length} · ${distanceText(distance, 100)}`,
    word('columns.spread', { low: show(key, p5, size), high: show(key, p95, size), median: show(key, median, size), unit: unitOf(key, size) }),
  ];
}

/** @param {number} milliseconds */
function lengthOf(milliseconds) {
  const minutes = Math.max(1, Math.round(milliseconds / MINUTE));
  if (minutes < 60) return word('columns.minutes', { minutes });
  return word('columns.hours', { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, '0') });
}

/** Tells of the column that the pointer is nearest to, or that has the focus. A finger's first touch points, its second one follows the link. */
export class DriveTip {
  #element = make('div', 'drive-tip');
  #frame;
  #key;
  #size;
  #drives;
  #links;
  #at = -1;
  /** What was told of when a finger came down: it moves the focus before it clicks. */
  #before = -1;

  /**
   * @param {HTMLElement} frame
   * @param {string} key
   * @param {number} size  As above.
   * @param {readonly SpreadDrive[]} drives
   * @param {readonly HTMLAnchorElement[]} links  Of the drives.
   */
  constructor(frame, key, size, drives, links) {
    this.#frame = frame;
    this.#key = key;
    this.#size = size;
    this.#drives = drives;
    this.#links = links;
    this.#element.hidden = true;
    frame.append(this.#element);
    this.#reach(links.length - 1);
    frame.addEventListener('pointermove', (event) => event.pointerType === 'mouse' && this.#point(this.#nearest(event)));
    frame.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#point(this.#focused(document.activeElement)));
    frame.addEventListener('pointerdown', () => { this.#before = this.#at; });
    frame.addEventListener('click', (event) => this.#click(/** @type {PointerEvent} */ (event)));
    frame.addEventListener('focusin', ({ target }) => {
      const index = this.#focused(target);
      if (index < 0) return;
      this.#reach(index);
      this.#point(index);
    });
    frame.addEventListener('focusout', ({ relatedTarget }) => !frame.contains(/** @type {Node | null} */ (relatedTarget)) && this.#point(-1));
    frame.addEventListener('keydown', (event) => this.#step(event));
  }

  /** @param {number} index  -1: at none. */
  #point(index) {
    if (index === this.#at) return;
    this.#links[this.#at]?.classList.remove('is-pointed');
    this.#links[index]?.classList.add('is-pointed');
    this.#at = index;
    this.#element.hidden = index < 0;
    if (index < 0) return;
    const link = this.#links[index];
    const way = /** @type {HTMLAnchorElement} */ (make('a', 'drive-way', word('columns.show')));
    way.href = link.href;
    way.tabIndex = -1;
    this.#element.replaceChildren(...textsOf(this.#key, this.#size, this.#drives[index]).map((text) => make('p', '', text)), way);
    const [box, whole] = [link.getBoundingClientRect(), this.#frame.getBoundingClientRect()];
    const middle = box.left + box.width / 2 - whole.left;
    const { offsetWidth: width } = this.#element;
    this.#element.style.insetInlineStart = `${Math.max(0, Math.min(whole.width - width, middle - width / 2))}px`;
  }

  /** @param {EventTarget | null} target */
  #focused(target) {
    return this.#links.indexOf(/** @type {HTMLAnchorElement} */ (target));
  }

  /** @param {MouseEvent} event */
  #nearest({ clientX }) {
    const distances = this.#links.map((link) => {
      const { left, width } = link.getBoundingClientRect();
      return Math.abs(left + width / 2 - clientX);
    });
    return distances.indexOf(Math.min(...distances));
  }

  /** @param {PointerEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.pointerType !== 'touch' || target.closest('.drive-tip')) return;
    const index = this.#nearest(event);
    if (index === this.#before && this.#links[index].contains(target)) return;
    event.preventDefault();
    this.#point(index);
  }

  /** The Tab key reaches one column; arrows go on from there. @param {number} index */
  #reach(index) {
    this.#links.forEach((link, i) => { link.tabIndex = i === index ? 0 : -1; });
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const to = { ArrowLeft: this.#at - 1, ArrowRight: this.#at + 1, Home: 0, End: this.#links.length - 1 }[event.key];
    if (event.key === 'Escape') this.#point(-1);
    if (to === undefined || !this.#links[to]) return;
    event.preventDefault();
    this.#links[to].focus();
  }
}

// @ts-check
import { startOfDay } from '../app/calendar.js';
import { iso } from '../app/history.js';
import { lateStyle } from '../app/late-style.js';
import { valueRange } from '../app/scales.js';
import { signalOf } from '../app/signals.js';
import { make } from '../app/text.js';
import { hourCycle } from '../app/units.js';
import { locale, word } from '../app/words.js';
import { DriveTip, textsOf } from './drive-tip.js';
import { axisValue, valueTicks } from './value-ticks.js';

/**
 * @typedef {import('./chart.js').Chart} Chart
 * @typedef {import('./drive-spreads.js').SpreadDrive} SpreadDrive
 * @typedef {import('../app/alert.js').Alert} Alert
 */

const LINES = 4;
/** Up to so many drives of a day each have their time below them; more, and those of several days, have their day. */
const TIMES = 8;
const ONE_DAY = 36 * 3_600_000;
/** Up to so many days each have their name; of more, some have their date. */
const DAYS = 8;

const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

lateStyle('drive-columns');

/** Drives of a range as columns in all charts: a band of 5 to 95 % of the readings, their median, and a thin line from the lowest to the highest. Parked time has no width. */
export class DriveColumns {
  #shown = '';

  /**
   * @param {readonly Chart[]} charts
   * @param {readonly SpreadDrive[]} drives  None: the charts have lines.
   * @param {number | null} vehicleId
   * @param {readonly Alert[]} alerts
   */
  show(charts, drives, vehicleId, alerts) {
    const shown = JSON.stringify([charts.map(({ key, size }) => [key, size]), drives, vehicleId, drives.length > 0 && alerts.map(({ id, clearedAt }) => [id, clearedAt])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    for (const chart of charts) {
      const focused = [...chart.querySelectorAll('.drive')].indexOf(/** @type {Element} */ (document.activeElement));
      chart.querySelector('.drive-columns')?.remove();
      const of = drives.filter(({ signals }) => chart.key in signals);
      chart.toggleAttribute('data-drives', of.length > 0);
      if (of.length === 0) continue;
      chart.append(columnsOf(chart, of, vehicleId, alerts.filter(({ signal }) => signal === chart.key)));
      if (focused >= 0) /** @type {NodeListOf<HTMLElement>} */ (chart.querySelectorAll('.drive'))[focused]?.focus();
    }
  }
}

/**
 * @param {Chart} chart
 * @param {SpreadDrive[]} drives
 * @param {number | null} vehicleId
 * @param {Alert[]} alerts
 */
function columnsOf({ key, size }, drives, vehicleId, alerts) {
  const { label, unit } = signalOf(key);
  const spreads = drives.map(({ signals }) => signals[key]);
  const [low, high] = valueRange(key, Math.min(...spreads.map(({ min }) => min)), Math.max(...spreads.map(({ max }) => max)));
  const place = (/** @type {number} */ value) => `${((value - low) / (high - low)) * 100}%`;
  const frame = make('div', 'drive-columns');
  const plot = make('div', 'drive-plot');
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', word(drives.length === 1 ? 'columns.label.one' : 'columns.label', { label, count: drives.length }));
  const ticks = valueTicks(unit, low, high, (high - low) / LINES, size).map((tick) => ({ tick, text: axisValue(unit, tick, size) }));
  frame.style.setProperty('--axis', `${1.5 + Math.max(...ticks.map(({ text }) => text.length))}ch`);
  for (const { tick, text } of ticks) {
    const line = make('div', 'drive-line', text);
    line.setAttribute('aria-hidden', 'true');
    line.style.insetBlockEnd = place(tick);
    plot.append(line);
  }
  const links = drives.map((drive) => {
    const { min, p5, median, p95, max } = drive.signals[key];
    const link = document.createElement('a');
    link.className = 'drive';
    link.href = `drives.html?vehicle_id=${vehicleId}#t=${iso(drive.start)}`;
    link.setAttribute('aria-label', textsOf(key, size, drive).join(', '));
    link.append(part('drive-whole', place(min), place(max)), part('drive-band', place(p5), place(p95)), part('drive-median', place(median), place(median)));
    const alert = alerts.find(({ firedAt }) => firedAt >= drive.start && firedAt <= drive.end);
    if (alert) link.dataset.alert = alert.severity;
    return link;
  });
  plot.append(...groupsOf(drives, links));
  frame.append(plot);
  new DriveTip(frame, key, size, drives, links);
  return frame;
}

/**
 * @param {string} name
 * @param {string} from
 * @param {string} to
 */
function part(name, from, to) {
  const element = make('i', name);
  element.style.insetBlock = `calc(100% - ${to}) ${from}`;
  return element;
}

/**
 * Drives of a day stand together, with its name below them.
 * @param {SpreadDrive[]} drives
 * @param {HTMLElement[]} links
 */
function groupsOf(drives, links) {
  const isTimed = drives.length <= TIMES && drives[drives.length - 1].end - drives[0].start <= ONE_DAY;
  /** @type {{ start: number, day: number, links: HTMLElement[] }[]} */
  const groups = [];
  drives.forEach(({ start }, i) => {
    const day = startOfDay(start);
    const last = groups.at(-1);
    if (last && last.day === day && !isTimed) last.links.push(links[i]);
    else groups.push({ start, day, links: [links[i]] });
  });
  const every = Math.ceil(groups.length / DAYS);
  const format = isTimed ? time : every > 1 ? date : weekday;
  return groups.map((group, i) => {
    const element = make('div', 'drive-group');
    const name = make('span', 'drive-group-name', i % every === 0 ? format.format(group.start) : '');
    name.setAttribute('aria-hidden', 'true');
    element.style.flexGrow = String(group.links.length);
    element.append(...group.links, name);
    return element;
  });
}

// @ts-check
import { ROWS, chosen } from './fleet-choice.js';
import { othersOf, shownColumns } from './fleet-columns.js';
import { Alerts } from '../app/alerts.js';
import { notePrecision } from '../app/signals.js';
import { fetchWholeRoster } from '../app/roster.js';
import { AHEAD, nameOf } from '../app/view.js';

/**
 * @typedef {import('./fleet-choice.js').Choice} Choice
 * @typedef {import('../app/message.js').Message} Message
 *
 * @typedef {object} Row
 * @property {number} id
 * @property {string} name
 * @property {string} device
 * @property {'running' | 'offline' | 'unknown'} state
 * @property {import('../app/message.js').Data | null} data
 * @property {readonly import('../app/alert.js').Alert[]} alerts  Open ones, the worst first.
 * @property {number | null} age  Of its newest reading, in milliseconds.
 *
 * @typedef {object} FleetView
 * @property {boolean} loading    There is no list yet.
 * @property {boolean} isPartial  More of it is on its way.
 * @property {number} total       Vehicles there are.
 * @property {number} running
 * @property {number} count       Vehicles that are chosen.
 * @property {number} pages
 * @property {Choice} choice
 * @property {readonly import('./fleet-columns.js').Column[]} columns
 * @property {Row[]} rows         Of the shown page.
 * @property {import('../app/live.js').Link} link
 * @property {boolean} linkLost
 * @property {readonly import('../app/faults.js').Fault[]} faults
 */

/** The list is asked for again so often, for each thousand of vehicles. */
const AGAIN = 10_000;

/** All vehicles from the list, and the shown ones from the socket. Fires `change`. */
export class Fleet extends EventTarget {
  /** @type {import('../app/roster.js').Entry[]} */
  #entries = [];
  /** Messages of the socket since it was opened. @type {Map<number, Message>} */
  #messages = new Map();
  /** @type {import('../app/live.js').Link} */
  #link = { status: 'connecting' };
  #linkLost = false;
  /** @type {readonly import('../app/faults.js').Fault[]} */
  #faults = [];
  /** The chosen ones; made anew when the list or the choice is another. */
  #chosen = this.#entries;
  /** Whether the chosen ones are those of another list or choice. */
  #isStale = false;
  #isPartial = false;
  /** Open alerts of each vehicle, the worst first. @type {Map<number | null, import('../app/alert.js').Alert[]>} */
  #alerted = new Map();
  isLoaded = false;
  columns = shownColumns();
  alerts = new Alerts();
  /** @type {Choice} */
  choice;

  /** @param {Choice} choice */
  constructor(choice) {
    super();
    this.choice = choice;
    this.alerts.addEventListener('change', () => this.#outdate());
  }

  /** Asks for the list, and goes on asking now and then. Without an answer the list of before stays. */
  async load() {
    if (!document.hidden || !this.isLoaded) await this.refresh();
    setTimeout(() => this.load(), AGAIN * Math.max(1, Math.ceil(this.#entries.length / 1000)));
  }

  /** Asks for the list now. */
  async refresh() {
    const entries = await fetchWholeRoster(othersOf(this.columns), (first) => this.isLoaded || this.#take(first, true));
    if (entries) this.#take(entries, false);
  }

  /**
   * @param {import('../app/roster.js').Entry[]} entries
   * @param {boolean} isPartial
   */
  #take(entries, isPartial) {
    for (const { data } of entries) for (const [key, value] of Object.entries(data ?? {})) notePrecision(key, value);
    this.#entries = entries.filter(({ isHidden }) => !isHidden);
    this.#isPartial = isPartial;
    this.isLoaded = true;
    this.#outdate();
  }

  /** Other columns are shown, with other values. */
  chooseColumns() {
    this.columns = shownColumns();
    this.#changed();
    return this.refresh();
  }

  /** @param {Partial<Choice>} changes */
  choose(changes) {
    this.choice = { ...this.choice, page: 1, ...changes };
    this.#outdate();
  }

  /** @param {import('../app/live.js').Link} link */
  setLink(link) {
    this.#link = link;
    if (link.status !== 'connecting') this.#linkLost = link.status === 'waiting';
    this.#changed();
  }

  /** @param {readonly import('../app/faults.js').Fault[]} faults */
  setFaults(faults) {
    this.#faults = faults;
    this.#changed();
  }

  /** @param {Message} message */
  receive(message) {
    this.#messages.set(message.vehicleId, message);
    this.#changed();
  }

  /** @param {number} id */
  nameOf(id) {
    return nameOf(this.#entries.find(({ vehicleId }) => vehicleId === id), id);
  }

  /** The vehicles of the shown page, as a query takes them. */
  shownIds() {
    return this.#shown.map(({ vehicleId }) => vehicleId).sort((a, b) => a - b).join();
  }

  /**
   * @param {number} now  By the server's clock.
   * @returns {FleetView}
   */
  view(now) {
    const list = this.#list;
    return {
      loading: !this.isLoaded,
      isPartial: this.#isPartial,
      total: this.#entries.length,
      running: this.#entries.filter(({ state }) => state === 'running').length,
      count: list.length,
      pages: this.#pages,
      choice: this.choice,
      columns: this.columns,
      rows: this.#shown.map((entry) => this.#row(entry, now)),
      link: this.#link,
      linkLost: this.#linkLost,
      faults: this.#faults,
    };
  }

  get #pages() {
    return Math.max(1, Math.ceil(this.#list.length / ROWS));
  }

  get #shown() {
    const page = Math.min(this.choice.page, this.#pages);
    return this.#list.slice((page - 1) * ROWS, page * ROWS);
  }

  /**
   * @param {import('../app/roster.js').Entry} entry
   * @param {number} now
   * @returns {Row}
   */
  #row(entry, now) {
    const message = this.#messages.get(entry.vehicleId) ?? null;
    const isDated = entry.lastSeen !== null || message?.state === 'running';
    const seen = this.#link.status === 'connected' && message ? message.timestamp : Math.max(entry.lastSeen ?? 0, message?.timestamp ?? 0);
    return {
      id: entry.vehicleId,
      name: nameOf(entry, entry.vehicleId),
      device: entry.device,
      state: this.#link.status === 'connected' ? message?.state ?? entry.state : 'unknown',
      data: message?.data ?? entry.data,
      alerts: this.#alerted.get(entry.vehicleId) ?? [],
      age: isDated && seen - now <= AHEAD ? Math.max(0, now - seen) : null,
    };
  }

  /** Sorted only when it is looked at: alerts can come by the hundred. */
  get #list() {
    if (!this.#isStale) return this.#chosen;
    this.#isStale = false;
    this.#alerted = Map.groupBy(this.alerts.open, ({ vehicleId }) => vehicleId);
    this.#chosen = chosen(this.#entries, this.choice, this.#alerted);
    const shown = new Set(this.#shown.map(({ vehicleId }) => vehicleId));
    for (const id of this.#messages.keys()) if (!shown.has(id)) this.#messages.delete(id);
    return this.#chosen;
  }

  #outdate() {
    this.#isStale = true;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

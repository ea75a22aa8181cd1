// @ts-check
import { ROWS, chosen } from './fleet-choice.js';
import { Alerts } from '../app/alerts.js';
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
 * @property {boolean} loading
 * @property {number} total       Vehicles there are.
 * @property {number} running
 * @property {number} count       Vehicles that are chosen.
 * @property {number} pages
 * @property {Choice} choice
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
  isLoaded = false;
  alerts = new Alerts();
  /** @type {Choice} */
  choice;

  /** @param {Choice} choice */
  constructor(choice) {
    super();
    this.choice = choice;
    this.alerts.addEventListener('change', () => this.#choose());
  }

  /** Asks for the list, and goes on asking now and then. Without an answer the list of before stays. */
  async load() {
    if (!document.hidden || !this.isLoaded) await this.refresh();
    setTimeout(() => this.load(), AGAIN * Math.max(1, Math.ceil(this.#entries.length / 1000)));
  }

  /** Asks for the list now. */
  async refresh() {
    const entries = await fetchWholeRoster();
    if (!entries) return;
    this.#entries = entries.filter(({ isHidden }) => !isHidden);
    this.isLoaded = true;
    this.#choose();
  }

  /** @param {Partial<Choice>} changes */
  choose(changes) {
    this.choice = { ...this.choice, page: 1, ...changes };
    this.#choose();
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
    return {
      loading: !this.isLoaded,
      total: this.#entries.length,
      running: this.#entries.filter(({ state }) => state === 'running').length,
      count: this.#chosen.length,
      pages: this.#pages,
      choice: this.choice,
      rows: this.#shown.map((entry) => this.#row(entry, now)),
      link: this.#link,
      linkLost: this.#linkLost,
      faults: this.#faults,
    };
  }

  get #pages() {
    return Math.max(1, Math.ceil(this.#chosen.length / ROWS));
  }

  get #shown() {
    const page = Math.min(this.choice.page, this.#pages);
    return this.#chosen.slice((page - 1) * ROWS, page * ROWS);
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
      data: message?.data ?? null,
      alerts: this.alerts.of(entry.vehicleId),
      age: isDated && seen - now <= AHEAD ? Math.max(0, now - seen) : null,
    };
  }

  #choose() {
    this.#chosen = chosen(this.#entries, this.choice, new Set(this.alerts.open.flatMap(({ vehicleId }) => vehicleId ?? [])));
    const shown = new Set(this.#shown.map(({ vehicleId }) => vehicleId));
    for (const id of this.#messages.keys()) if (!shown.has(id)) this.#messages.delete(id);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

// @ts-check
import { alertOf, byWeight } from './alert.js';

/** @typedef {import('./alert.js').Alert} Alert */

const MAX_ENDED = 200;

/** Open alerts, and those that ended while the page was open. Fires `change`, and `fired` with each Alert that is new. */
export class Alerts extends EventTarget {
  /** @type {Map<string, Alert>} */
  #open = new Map();
  /** @type {Map<string, Alert>} */
  #ended = new Map();
  /** Alerts that a socket brought while the list was asked for. @type {Map<string, Alert> | null} */
  #meanwhile = null;
  /** Differs after every change. */
  version = 0;

  /**
   * One live message.
   * @param {unknown} text
   */
  receive(text) {
    const alert = alertIn(text);
    if (!alert) return;
    this.#meanwhile?.set(alert.id, alert);
    this.#put(alert);
    this.#changed();
  }

  /** What comes from now on is newer than the list that is being asked for. */
  awaitList() {
    this.#meanwhile = new Map();
  }

  /** @param {readonly Alert[]} list  All open ones. */
  replace(list) {
    const later = this.#meanwhile ?? new Map();
    this.#meanwhile = null;
    const before = JSON.stringify([...this.#open.values()]);
    const known = this.#open;
    this.#open = new Map(list.map((alert) => [alert.id, alert]));
    for (const alert of later.values()) this.#put(alert);
    for (const [id, alert] of this.#open) if (!known.has(id)) this.#fire(alert);
    if (JSON.stringify([...this.#open.values()]) !== before) this.#changed();
  }

  clear() {
    this.#open.clear();
    this.#ended.clear();
    this.#changed();
  }

  /** The worst first. */
  get open() {
    return [...this.#open.values()].sort(byWeight);
  }

  /**
   * Open alerts of a vehicle, the worst first.
   * @param {number | null} vehicleId
   */
  of(vehicleId) {
    return this.open.filter((alert) => alert.vehicleId === vehicleId);
  }

  /**
   * Open and ended ones of a vehicle.
   * @param {number | null} vehicleId
   */
  allOf(vehicleId) {
    return [...this.#open.values(), ...this.#ended.values()].filter((alert) => alert.vehicleId === vehicleId);
  }

  /** @param {Alert} alert */
  #put(alert) {
    if (alert.state !== 'cleared') {
      const known = this.#open.get(alert.id);
      // A live message is shorter than an entry of the list.
      this.#open.set(alert.id, known ? { ...alert, judgedAt: alert.judgedAt ?? known.judgedAt, ackedBy: alert.ackedBy || known.ackedBy, note: alert.note || (alert.state === 'firing' ? '' : known.note), snoozedUntil: alert.snoozedUntil ?? known.snoozedUntil } : alert);
      if (!known) this.#fire(alert);
      return;
    }
    this.#open.delete(alert.id);
    this.#ended.set(alert.id, alert);
    if (this.#ended.size > MAX_ENDED) this.#ended.delete([...this.#ended.keys()][0]);
  }

  /** @param {Alert} alert */
  #fire(alert) {
    this.dispatchEvent(new CustomEvent('fired', { detail: alert }));
  }

  #changed() {
    this.version++;
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * @param {unknown} text
 * @returns {Alert | null}
 */
function alertIn(text) {
  try {
    const raw = typeof text === 'string' ? JSON.parse(text) : null;
    return raw?.type === 'alert' ? alertOf(raw.data, raw.state) : null;
  } catch {
    return null;
  }
}

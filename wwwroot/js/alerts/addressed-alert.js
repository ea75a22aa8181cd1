// @ts-check
import { alertOf } from '../app/alert.js';
import { send } from '../app/send.js';
import { word } from '../app/words.js';

/** @typedef {import('../app/alert.js').Alert} Alert */

/** The alert that the address names: messages lead to it. Fires `change` when the server has answered. */
export class AddressedAlert extends EventTarget {
  #alerts;
  /** As it was asked for. @type {Alert | null} */
  #asked = null;
  #isOpen = false;
  #request = new AbortController();
  /** Empty: the address names none. */
  id = '';
  /** Why it cannot be shown; empty: it can, or the answer is not there yet. */
  problem = '';
  /** Differs with each time that an alert is to be revealed. */
  turn = 0;

  /** @param {import('../app/alerts.js').Alerts} alerts */
  constructor(alerts) {
    super();
    this.#alerts = alerts;
  }

  /** @returns {Alert | null} */
  get alert() {
    return this.#alerts.open.find(({ id }) => id === this.id) ?? this.#asked;
  }

  /** The part of the page that shows it. */
  get part() {
    return this.alert?.state === 'cleared' ? 'history' : 'open';
  }

  /** @param {string} id  Empty: none. */
  show(id) {
    this.#request.abort();
    Object.assign(this, { id, problem: '', turn: this.turn + 1 });
    this.#asked = null;
    this.#isOpen = false;
    if (id !== '' && !this.alert) this.#ask();
  }

  /** To be called with every change: one that is over meanwhile is asked for. */
  follow() {
    if (this.id === '') return;
    const wasOpen = this.#isOpen;
    this.#isOpen = this.#alerts.open.some(({ id }) => id === this.id);
    if (wasOpen && !this.#isOpen) this.#ask();
  }

  async #ask() {
    this.#request.abort();
    const { signal } = this.#request = new AbortController();
    const { status, body } = await send('GET', `alerts/${this.id}`, undefined, signal);
    if (signal.aborted) return;
    this.#asked = status === 200 ? alertOf(body) : this.#asked;
    this.problem = this.alert ? '' : word(status === 404 ? 'alert.unknown' : status === 0 ? 'history.unreachable' : 'open.unreadable');
    this.dispatchEvent(new Event('change'));
  }
}

// @ts-check
import { send } from '../app/send.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import './channel-list.js';
import './push-card.js';

/** How often the channels are asked for while they are shown. */
const AGAIN = 10_000;

/** Where alerts are sent: this browser, and the channels of the server. */
customElements.define('channels-part', class extends HTMLElement {
  #card = /** @type {HTMLElement & { load(): Promise<void> }} */ (make('push-card', ''));
  #note = make('p', 'part-note');
  #first = make('first-channel', '');
  #list = /** @type {HTMLElement & { show(channels: readonly import('./channel-list.js').Channel[]): void }} */ (make('channel-list', ''));
  #askedAt = -Infinity;

  connectedCallback() {
    this.#note.setAttribute('role', 'status');
    this.#first.hidden = true;
    this.replaceChildren(make('h2', 'part-title', word('push.heading')), this.#card, make('h2', 'part-title channels-title', word('channels.heading')), this.#note, this.#first, this.#list);
  }

  /** The part is opened. */
  async load() {
    this.#askedAt = performance.now();
    await Promise.all([this.#card.load(), this.#ask()]);
  }

  show() {
    if (document.hidden || performance.now() - this.#askedAt < AGAIN) return;
    this.#askedAt = performance.now();
    this.#ask();
  }

  async #ask() {
    const { status, body } = await send('GET', 'alerts/channels');
    const isKnown = status === 200 && Array.isArray(body);
    const isEmpty = isKnown && body.length === 0;
    if (isKnown) this.#list.show(body);
    this.dataset.status = isKnown || status === 403 ? 'ready' : 'error';
    if (isEmpty) await import('./first-channel.js');
    this.#first.hidden = !isEmpty;
    setText(this.#note, status === 403 ? word('channels.hidden') : !isKnown ? word('channels.unreadable') : isEmpty ? word('channels.none') : '');
  }
});

// @ts-check
import { parse } from './message.js';

/** @typedef {{ status: 'connecting' | 'connected' } | { status: 'waiting', retryAt: number }} Link  retryAt as of performance.now(). */

const RETRY = 5000;
const JITTER = 1000;
const GIVE_UP = 10_000;
const DOUBTFUL = 30_000;

/** The socket and its way back. Fires `link` with a Link, and `message` with a Message. */
export class Live extends EventTarget {
  #url;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #heardAt = 0;

  /** @param {URL} url */
  constructor(url) {
    super();
    this.#url = url;
    document.addEventListener('visibilitychange', () => document.hidden || this.#lookAgain());
    window.addEventListener('online', () => this.#lookAgain());
  }

  /** Opens the socket, in place of the one that was there. */
  open() {
    clearTimeout(this.#timer);
    const old = this.#socket;
    const socket = this.#socket = new WebSocket(this.#url);
    old?.close();
    this.#timer = setTimeout(() => socket.close(), GIVE_UP);
    this.#tell({ status: 'connecting' });
    socket.onopen = () => socket === this.#socket && this.#opened();
    socket.onmessage = (event) => socket === this.#socket && this.#received(event.data);
    socket.onclose = () => socket === this.#socket && this.#closed();
  }

  /** Milliseconds since the link last proved itself alive. */
  get silence() {
    return performance.now() - this.#heardAt;
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #opened() {
    clearTimeout(this.#timer);
    this.#heardAt = performance.now();
    // The wording of this line and the one below is a contract: scripts watch the console for it.
    console.log('✅ WebSocket connecté');
    this.#tell({ status: 'connected' });
  }

  /** @param {unknown} text */
  #received(text) {
    this.#heardAt = performance.now();
    const message = parse(text);
    if (!message) return;
    console.log(`📊 Données reçues - État: ${message.state}`);
    this.dispatchEvent(new CustomEvent('message', { detail: message }));
  }

  #closed() {
    clearTimeout(this.#timer);
    const delay = RETRY + (Math.random() * 2 - 1) * JITTER;
    this.#timer = setTimeout(() => this.open(), delay);
    this.#tell({ status: 'waiting', retryAt: performance.now() + delay });
  }

  /** Somebody looks at the page, or the network is back: no reason to wait, nor to trust a socket that slept. */
  #lookAgain() {
    const state = this.#socket?.readyState;
    if (state === WebSocket.CLOSED || (state === WebSocket.OPEN && this.silence > DOUBTFUL)) this.open();
  }

  /** @param {Link} link */
  #tell(link) {
    this.dispatchEvent(new CustomEvent('link', { detail: link }));
  }
}

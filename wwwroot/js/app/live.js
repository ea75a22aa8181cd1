// @ts-check
import { Backoff } from './backoff.js';
import { parse } from './message.js';

/**
 * @typedef {{ status: 'connecting' | 'connected' } | { status: 'waiting', retryAt: number, isRefused?: boolean }} Link
 *   retryAt as of performance.now(). isRefused: the socket was not opened, or closed before anything came.
 */

const GIVE_UP = 10_000;
const DOUBTFUL = 30_000;

/** The server has sent everything. */
const COMPLETE = 4000;

/**
 * Where a socket of the server is, without its query.
 * @param {string} path
 */
export function socketAt(path) {
  const url = new URL(path, document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

/** The socket and its way back. Fires `link` with a Link, `message` with a Message, `other` with the text of what is no Message, and `end` once the server has sent everything. */
export class Live extends EventTarget {
  #address;
  #isWanted = false;
  #backoff = new Backoff();
  /** The active socket. @type {WebSocket | null} */
  #socket = null;
  /** The socket that will replace it. @type {WebSocket | null} */
  #next = null;
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #heardAt = 0;
  /** Whether the last socket brought a message. */
  #hasHeard = false;
  /** The last state of each vehicle. @type {Map<number, string>} */
  #states = new Map();

  /** @param {() => Promise<URL>} address  Asked for at every attempt; may fail as the socket may. */
  constructor(address) {
    super();
    this.#address = address;
    document.addEventListener('visibilitychange', () => document.hidden || this.#lookAgain());
    window.addEventListener('online', () => this.#lookAgain());
  }

  /** Opens a socket, in place of one that is not trusted any more. */
  open() {
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    return this.move();
  }

  /** Until it is opened again. */
  close() {
    this.#isWanted = false;
    this.#drop();
  }

  /** Opens a socket at what is the address now. The present one is listened to until then. */
  async move() {
    this.#isWanted = true;
    clearTimeout(this.#timer);
    this.#next?.close();
    this.#next = null;
    const attempt = ++this.#attempt;
    if (!this.connected) this.#setLink({ status: 'connecting' });
    this.#timer = setTimeout(() => this.#failed(attempt), GIVE_UP);
    try {
      const address = await this.#address();
      if (attempt !== this.#attempt) return;
      const socket = this.#next = new WebSocket(address);
      socket.onopen = () => socket === this.#next && this.#opened(socket);
      socket.onmessage = (event) => socket === this.#socket && this.#received(event.data);
      socket.onclose = ({ code }) => {
        if (code === COMPLETE && socket === this.#socket && !this.#next) this.#ended();
        else if (socket === this.#next || (socket === this.#socket && !this.#next)) this.#failed(attempt);
      };
    } catch {
      this.#failed(attempt);
    }
  }

  /**
   * Lost where there is no connection.
   * @param {object} command
   */
  send(command) {
    if (this.connected) this.#socket?.send(JSON.stringify(command));
  }

  /** Milliseconds since the link last proved itself alive. */
  get silence() {
    return performance.now() - this.#heardAt;
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    clearTimeout(this.#timer);
    const old = this.#socket;
    [this.#socket, this.#next] = [socket, null];
    old?.close();
    this.#heardAt = performance.now();
    this.#backoff.opened();
    // The wording of this line and the one below is a contract: scripts watch the console for it.
    console.log('✅ WebSocket connecté');
    this.#setLink({ status: 'connected' });
  }

  /** @param {unknown} text */
  #received(text) {
    this.#heardAt = performance.now();
    this.#hasHeard = true;
    const message = parse(text);
    if (!message) {
      this.dispatchEvent(new CustomEvent('other', { detail: text }));
      return;
    }
    // Once for each state: a console that scrolls hides what matters.
    if (this.#states.get(message.vehicleId) !== message.state) console.log(`📊 Données reçues - État: ${message.state}`);
    this.#states.set(message.vehicleId, message.state);
    this.dispatchEvent(new CustomEvent('message', { detail: message }));
  }

  /** @param {number} attempt */
  #failed(attempt) {
    if (attempt !== this.#attempt) return;
    this.#drop();
    const delay = this.#backoff.next();
    this.#timer = setTimeout(() => this.move(), delay);
    this.#setLink({ status: 'waiting', retryAt: performance.now() + delay, isRefused: !this.#hasHeard });
    this.#hasHeard = false;
  }

  #drop() {
    this.#attempt++;
    clearTimeout(this.#timer);
    const sockets = [this.#socket, this.#next];
    this.#socket = this.#next = null;
    for (const socket of sockets) socket?.close();
  }

  #ended() {
    this.close();
    this.dispatchEvent(new Event('end'));
  }

  /** The page became visible, or the network is back: reconnect at once, and do not trust a socket that slept. */
  #lookAgain() {
    if (!this.#isWanted) return;
    if ((this.#socket === null && this.#next === null) || (this.connected && this.silence > DOUBTFUL)) this.open();
  }

  /** @param {Link} link */
  #setLink(link) {
    this.dispatchEvent(new CustomEvent('link', { detail: link }));
  }
}

// @ts-check
import { askForLogin } from './admission.js';
import { faultsIn } from './faults.js';

/** @typedef {import('./faults.js').Fault} Fault */

// While the page is visible; more often during a problem, so that it is not shown for longer than it lasts. An unreachable server
// is not asked: it will be busy enough after its start.
const PAUSE = 15_000;
const PAUSE_WRONG = 5000;
const GIVE_UP = 10_000;

/** Polls the server's health: when the page opens, when the link or the vehicle changes its state, and periodically while visible. */
export class ServerWatch {
  #changed;
  #askedAt = -Infinity;
  /** @type {import('./live.js').Link | undefined} */
  #link;
  #state = '';
  /** @type {readonly Fault[]} */
  #faults = [];
  #isBlocked = false;

  /** @param {(faults: readonly Fault[]) => void} changed  Called when the faults are others. */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * To be called with every change, and now and then.
   * @param {import('./view.js').Linked & { state?: string }} view
   */
  tend({ link, state = '' }) {
    const isLinkNews = link !== this.#link && link.status !== 'connecting';
    if (isLinkNews) this.#turnTo(link);
    if (document.hidden) return;
    const isNews = isLinkNews || state !== this.#state;
    this.#state = state;
    if (isNews || performance.now() - this.#askedAt > this.#pause) this.#ask();
  }

  get #pause() {
    return this.#faults.length > 0 && this.#faults.every(({ kind }) => kind !== 'away') ? PAUSE_WRONG : PAUSE;
  }

  /** @param {import('./live.js').Link} link */
  async #turnTo(link) {
    this.#link = link;
    if (link.status === 'connected') this.#block(false);
    if (link.status !== 'waiting') return;
    const answers = await askForLogin();
    if (link === this.#link) this.#block(answers && link.isRefused === true);
  }

  async #ask() {
    const askedAt = this.#askedAt = performance.now();
    const response = await fetch('health/ready', { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP) }).catch(() => null);
    const body = await response?.json().catch(() => null);
    if (askedAt === this.#askedAt) this.#learn(faultsIn(body), this.#isBlocked);
  }

  /** @param {boolean} isBlocked */
  #block(isBlocked) {
    if (isBlocked !== this.#isBlocked) this.#learn(this.#faults.filter(({ kind }) => kind !== 'socket'), isBlocked);
  }

  /**
   * @param {readonly Fault[]} found
   * @param {boolean} isBlocked
   */
  #learn(found, isBlocked) {
    this.#isBlocked = isBlocked;
    const before = JSON.stringify(this.#faults);
    this.#faults = isBlocked ? [{ kind: 'socket', reason: '' }, ...found] : found;
    if (JSON.stringify(this.#faults) !== before) this.#changed(this.#faults);
  }
}

// @ts-check
import { alertOf } from './alert.js';
import { keep, kept } from './kept.js';
import { learnRuleKinds } from './rule-kinds.js';

const NAME = 'open-alerts';
const LIMIT = 200;
const GIVE_UP = 10_000;

let isForgotten = false;

/**
 * Keeps a page's alerts as the server has them: asks for the open ones when the link is there, and now and then while the page is visible.
 * Fires `change` with each answer. What was answered last is kept for the time when the server cannot be reached.
 */
export class OpenAlerts extends EventTarget {
  #askedAt = -Infinity;
  #pause;
  /** @type {unknown} */
  #link = null;
  /** When the list was as it is; 0: never. Milliseconds of this machine's clock. */
  asOf = 0;
  /** @type {'loading' | 'ready' | 'error'} */
  status = 'loading';

  /**
   * @param {import('./alerts.js').Alerts} alerts
   * @param {number} pause  Milliseconds between two requests.
   */
  constructor(alerts, pause) {
    super();
    this.#pause = pause;
    this.alerts = alerts;
    alerts.addEventListener('change', () => this.#learnRules());
  }

  /**
   * To be called with every change, and now and then.
   * @param {{ link: import('./live.js').Link }} view
   */
  tend({ link }) {
    const isNews = link !== this.#link && link.status === 'connected';
    this.#link = link;
    if (!document.hidden && (isNews || performance.now() - this.#askedAt > this.#pause)) this.ask();
  }

  async ask() {
    const askedAt = this.#askedAt = performance.now();
    this.alerts.awaitList();
    const response = await fetch(`alerts?state=open&limit=${LIMIT}`, { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP) }).catch(() => null);
    const list = response?.ok ? await response.json().catch(() => null) : null;
    if (askedAt !== this.#askedAt) return;
    if (Array.isArray(list)) this.#learn(list, Date.now());
    else this.#fail();
    this.dispatchEvent(new Event('change'));
  }

  /**
   * @param {readonly unknown[]} list
   * @param {number} asOf
   */
  #learn(list, asOf) {
    this.status = 'ready';
    this.asOf = asOf;
    this.alerts.replace(list.flatMap((raw) => alertOf(raw) ?? []));
    if (!isForgotten) keep(NAME, JSON.stringify({ asOf, list }));
  }

  async #learnRules() {
    if (await learnRuleKinds(this.alerts.open)) this.dispatchEvent(new Event('change'));
  }

  #fail() {
    if (this.asOf === 0) {
      const { asOf, list } = lastKnown();
      if (asOf > 0) this.#learn(list, asOf);
    }
    this.status = 'error';
  }
}

/** Who logs out leaves nothing behind. */
export function forgetOpenAlerts() {
  isForgotten = true;
  keep(NAME, null);
}

/** @returns {{ asOf: number, list: unknown[] }} */
function lastKnown() {
  try {
    const { asOf, list } = JSON.parse(kept(NAME) ?? '');
    return { asOf: Number.isFinite(asOf) && Array.isArray(list) ? asOf : 0, list };
  } catch {
    return { asOf: 0, list: [] };
  }
}

// @ts-check
import { send } from '../app/send.js';
import { utc } from '../app/message.js';
import { toJson } from './rule.js';

/**
 * @typedef {{ from: number, to: number | null }} Found  Milliseconds.
 * @typedef {object} Result
 * @property {number} fired
 * @property {readonly Found[]} alerts
 * @property {number} longestWait      Seconds that did not suffice; 0: none.
 * @property {number | null} lowest
 * @property {number | null} highest
 * @property {number} readings
 */

// A finger on the line moves far more often than the server should be asked.
const SETTLED = 300;
// Of a viewer, one question after the other; and the store may be away for a moment.
const BUSY = 2000;
const MAX_TRIES = 3;

/** How often a rule would have fired, asked as it is edited: the newest question counts. Fires `change`. */
export class Backtest extends EventTarget {
  #asked = new AbortController();
  /** @type {'idle' | 'loading' | 'ready' | 'error'} */
  status = 'idle';
  /** @type {Result | null} */
  result = null;
  /** Why there is no answer. @type {import('../app/send.js').Answer | null} */
  problem = null;
  /** How many answers have come. */
  answers = 0;

  /**
   * @param {import('./rule.js').Rule} rule
   * @param {string} name
   * @param {number} vehicleId
   * @param {import('../app/history.js').Span} span
   */
  async ask(rule, name, vehicleId, { from, to }) {
    this.stop();
    const { signal } = this.#asked;
    const body = { rule: toJson(rule, name), vehicle_id: vehicleId, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    this.status = 'loading';
    this.problem = null;
    this.#changed();
    await pause(SETTLED);
    for (let tries = 0; !signal.aborted && tries < MAX_TRIES; tries++) {
      const answer = await send('POST', 'alerts/backtest', body, signal);
      if (signal.aborted) return;
      if (answer.status !== 429 && answer.status !== 503) return this.#learn(answer);
      await pause(BUSY);
    }
    if (!signal.aborted) this.#learn({ status: 503, body: null, fields: {} });
    return undefined;
  }

  stop() {
    this.#asked.abort();
    this.#asked = new AbortController();
  }

  /** @param {import('../app/send.js').Answer} answer */
  #learn(answer) {
    this.status = answer.status === 200 ? 'ready' : 'error';
    this.problem = answer.status === 200 ? null : answer;
    if (answer.status === 200) this.result = resultOf(answer.body);
    else this.result = null;
    this.answers++;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * @param {any} raw
 * @returns {Result}
 */
function resultOf(raw) {
  const number = (/** @type {unknown} */ value) => (Number.isFinite(value) ? /** @type {number} */ (value) : null);
  const alerts = Array.isArray(raw?.alerts) ? raw.alerts : [];
  return {
    fired: number(raw?.fired) ?? alerts.length,
    alerts: alerts.map((/** @type {any} */ one) => ({ from: utc(one.fired_at), to: utc(one.cleared_at) || null })),
    longestWait: number(raw?.longest_wait) ?? 0,
    lowest: number(raw?.lowest),
    highest: number(raw?.highest),
    readings: number(raw?.readings) ?? 0,
  };
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

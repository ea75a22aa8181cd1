// @ts-check
/**
 * @typedef {import('./signals.js').SignalKey} SignalKey
 *
 * @typedef {object} Known  Times in milliseconds.
 * @property {number | null} value
 * @property {number} at          Of its newest sample, as far as is known; 0: not known.
 * @property {number} limit       A sample that is older than this is old.
 * @property {number} checkedTo   Up to when the store has been asked.
 * @property {number} wait        Before the store is asked again.
 * @property {boolean} isMissing  The last minutes hold no sample.
 * @property {boolean} isDated    As well as the store knows it.
 */

const TURNS = 3;
const MIN_LIMIT = 5000;
const DEFAULT_LIMIT = 300_000;
// As many as the dashboard shows, and some.
const MAX_KEYS = 40;
// The store is written in batches.
export const BEHIND = 3000;
const MIN_WAIT = 5000;
const MAX_WAIT = 20_000;
// A value that is old already is looked after less often: when it moves again, a message says so.
const MIN_WAIT_OLD = 60_000;
const MAX_WAIT_OLD = 300_000;

/**
 * How old each value is. A message has the time of its newest reading only: a value that moves is as new as that, one
 * that stands still may be old or simply the same, and only the store has the answer.
 */
export class Freshness {
  /** @type {Map<SignalKey, Known>} */
  #known = new Map();
  #connection = -1;

  /** @param {import('./store.js').Vehicle} message */
  hear({ data, timestamp, connection }) {
    // The first message of a connection repeats what is known, of whatever age.
    const at = connection === this.#connection ? timestamp : 0;
    this.#connection = connection;
    for (const [key, value] of Object.entries(data)) {
      const known = this.#known.get(key);
      if (value === null || value === known?.value) continue;
      this.#known.set(key, { value, at, limit: known?.limit ?? DEFAULT_LIMIT, checkedTo: known?.checkedTo ?? -Infinity, wait: MIN_WAIT, isMissing: false, isDated: false });
    }
  }

  /** The signals that have come. */
  get keys() {
    return [...this.#known.keys()].slice(0, MAX_KEYS);
  }

  /** Signals without a sample in the last minutes for which the store was not asked about earlier ones. */
  get undated() {
    return this.keys.filter((key) => this.#known.get(key)?.isMissing && !this.#known.get(key)?.isDated);
  }

  /**
   * What the store holds of the last minutes.
   * @param {import('./history.js').History} history
   * @param {Readonly<import('./history.js').Span>} span  What it covers.
   */
  learn(history, { from, to }) {
    for (const [key, known] of this.#known) {
      const times = timesOf(history, key);
      if (!times) continue;
      const steps = times.slice(1).map((at, i) => at - times[i]).sort((a, b) => a - b);
      known.checkedTo = to - BEHIND;
      if (times.length > 0) known.at = Math.max(known.at, endOf(history, times));
      if (steps.length > 0) known.limit = Math.max(MIN_LIMIT, TURNS * steps[steps.length >> 1]);
      const isMissing = times.length === 0 && known.at <= from;
      if (isMissing !== known.isMissing) [known.isMissing, known.isDated] = [isMissing, false];
      known.wait = isOld(known) ? Math.min(MAX_WAIT_OLD, Math.max(MIN_WAIT_OLD, known.wait * 2)) : Math.min(MAX_WAIT, known.wait * 2);
    }
  }

  /**
   * What the store holds of a longer time of signals that the last minutes held nothing of.
   * @param {import('./history.js').History} history
   * @param {number} since  A signal with a later sample was only late.
   * @param {boolean} isAll  Whether nothing more will be asked.
   */
  date(history, since, isAll) {
    for (const key of this.undated) {
      const known = /** @type {Known} */ (this.#known.get(key));
      const times = timesOf(history, key);
      if (!times) continue;
      known.isDated = isAll || times.length > 0;
      if (times.length === 0) continue;
      // Of a wide bucket only the beginning counts.
      known.isMissing = times[times.length - 1] <= since;
      known.at = Math.max(known.at, known.isMissing ? Math.min(since, endOf(history, times)) : endOf(history, times));
    }
  }

  clear() {
    this.#known.clear();
    this.#connection = -1;
  }

  /**
   * The signals that the store should be asked about, once more: those that stand still, as soon as one of them is due.
   * @param {number} now
   */
  inDoubt(now) {
    const isDue = (/** @type {Known} */ { checkedTo, wait }) => now - checkedTo > wait + BEHIND;
    const still = this.keys.map((key) => ({ key, known: /** @type {Known} */ (this.#known.get(key)) })).filter(({ known }) => now - known.at > known.limit);
    return still.some(({ known }) => isDue(known)) ? still.filter(({ known }) => isDue(known) || !isOld(known)).map(({ key }) => key) : [];
  }

  /**
   * The age of a value that is older than a few of its own periods, in milliseconds; Infinity where the store does not know it; null for all others.
   * @param {SignalKey} key
   * @param {number} now
   * @param {number} until  When the vehicle was heard last: that it is silent makes no single value old.
   */
  oldAge(key, now, until) {
    const known = this.#known.get(key);
    if (!known || !isOld(known, until)) return null;
    if (known.isMissing && !known.isDated) return null;
    return known.at > 0 ? now - known.at : Infinity;
  }
}

/**
 * @param {Known} known
 * @param {number} until
 */
function isOld({ at, limit, checkedTo, isMissing }, until = Infinity) {
  return isMissing || (at > 0 && Math.min(until, checkedTo) - at > limit);
}

/**
 * When there were samples; undefined where it was not asked for.
 * @param {import('./history.js').History} history
 * @param {SignalKey} key
 */
function timesOf({ time, signals }, key) {
  return signals[key] && time.filter((_, i) => signals[key].avg[i] !== null).map((at) => at * 1000);
}

/**
 * @param {import('./history.js').History} history
 * @param {number[]} times
 */
function endOf({ bucket }, times) {
  return times[times.length - 1] + bucket * 1000;
}

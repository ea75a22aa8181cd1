// @ts-check

const SAMPLES = 3;
const STALE = 600_000;
/** Time before the server is asked again while the error is too large: doubled each time. Milliseconds. */
const MIN_PAUSE = 2000;
const MAX_PAUSE = 60_000;
/** Maximum uncertainty at which latencies are shown, in milliseconds. */
export const PRECISE = 25;
/** Two clocks of one machine differ by more than this only after one was set, or slept. Milliseconds. */
const APART = 5;
/** Maximum silence of a running vehicle without its own timeout, in milliseconds. */
const FAR = 12_000;

/**
 * The server's clock, as estimated by this page: the base of ages and latencies, because the clock of a
 * phone or a workshop computer may be minutes off.
 */
export class ServerClock {
  #offset = 0;
  /** Uncertainty, in milliseconds. */
  error = Infinity;
  #syncedAt = -Infinity;
  #askedAt = -Infinity;
  #pause = MIN_PAUSE;
  #apart = apart();

  /**
   * To be called now and then while the server can be reached: asks it again when this machine's clock has been set, soon if the
   * answers were slow, and anyway after some minutes, in which it may have run faster or slower.
   */
  tend() {
    if (Math.abs(apart() - this.#apart) > APART) this.#doubt();
    const isGood = this.error <= PRECISE && performance.now() - this.#syncedAt < STALE;
    if (!isGood && performance.now() - this.#askedAt > this.#pause) this.sync();
  }

  /** Asks the server several times: the fastest answer has the least uncertainty. */
  async sync() {
    this.#askedAt = performance.now();
    for (let i = 0; i < SAMPLES; i++) {
      const askedAt = Date.now();
      const asked = performance.now();
      const response = await fetch('clock', { cache: 'no-store' }).catch(() => null);
      const error = (performance.now() - asked) / 2;
      const answer = response?.ok ? await response.json().catch(() => null) : null;
      const server = Date.parse(answer?.now);
      if (Number.isNaN(server) || (error > this.error && performance.now() - this.#syncedAt < STALE)) continue;
      this.#offset = server - (askedAt + error);
      this.error = error;
      this.#syncedAt = performance.now();
      // As they were when it was asked: set meanwhile, this machine's clock has to be noticed by the next look.
      this.#apart = askedAt - asked;
    }
    this.#pause = this.error <= PRECISE ? MIN_PAUSE : Math.min(2 * this.#pause, MAX_PAUSE);
  }

  /**
   * The newest reading of a running vehicle came a moment ago: far from now, one of the clocks has been set, and the server is
   * asked again. A reading itself never makes the present: the clock may have been wrong when it came.
   * @param {import('./message.js').Message} message
   */
  compare({ state, timestamp }) {
    if (state === 'running' && Math.abs(this.now() - timestamp) > FAR) this.#doubt();
  }

  #doubt() {
    if (this.error < Infinity) this.#pause = MIN_PAUSE;
    this.error = Infinity;
  }

  now() {
    return Date.now() + this.#offset;
  }
}

/** Difference between the wall clock and the monotonic clock. */
function apart() {
  return Date.now() - performance.now();
}

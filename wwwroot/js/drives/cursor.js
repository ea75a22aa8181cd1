// @ts-check

/** The shown moment of a drive. A clock: paused, or running at the playback speed. */
export class Cursor {
  #at = 0;
  #since = 0;
  #rate = 0;
  /** It does not go past it. */
  end = Infinity;

  now() {
    return Math.min(this.end, this.#at + (performance.now() - this.#since) * this.#rate);
  }

  /** @param {number} at */
  put(at) {
    this.#at = at;
    this.#since = performance.now();
  }

  /** @param {number} rate  Recorded time per wall-clock time; 0: paused. */
  run(rate) {
    this.put(this.now());
    this.#rate = rate;
  }
}

// @ts-check

/** The moment of a drive that is looked at. It is a clock: it stands, or goes on by itself as fast as it plays. */
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

  /** @param {number} rate  Milliseconds of the drive to a millisecond of the wall; 0: it stands. */
  run(rate) {
    this.put(this.now());
    this.#rate = rate;
  }
}

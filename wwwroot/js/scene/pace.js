// @ts-check

const SLOW = 26;
const RUN = 8;
const LEVELS = [{ pixels: 2, every: 1 }, { pixels: 1.25, every: 1 }, { pixels: 1, every: 2 }, { pixels: 0.75, every: 3 }, { pixels: 0.6, every: 6 }];

/** Draws less where the machine cannot keep up, first fewer pixels, then fewer frames. */
export class Pace {
  #level = 0;
  #frame = 0;
  #late = 0;
  /** Milliseconds between frames, as a moving mean. */
  interval = 16.7;

  /** True while the machine keeps up with everything. */
  get isFast() {
    return this.#level < 2;
  }

  /** Pixels of the screen for each pixel drawn, at most. */
  get pixels() {
    return LEVELS[this.#level].pixels;
  }

  /**
   * Call it in every animation frame.
   * @param {number} milliseconds  Since the one before.
   * @returns {'draw' | 'skip' | 'slower'}  Slower: draw, with other `pixels`.
   */
  next(milliseconds) {
    this.interval += (Math.min(milliseconds, 250) - this.interval) / RUN;
    this.#late = this.interval > SLOW ? this.#late + 1 : 0;
    if (this.#late > RUN && this.#level < LEVELS.length - 1) {
      this.#level++;
      this.#late = 0;
      return 'slower';
    }
    return ++this.#frame % LEVELS[this.#level].every === 0 ? 'draw' : 'skip';
  }
}

// @ts-check

const FIRST = 10_000;
const MOST = 30_000;
const STOOD = 10_000;

/**
 * Delay before the next attempt, in milliseconds: random, up to a limit that doubles with each failure.
 * Fully random, so that a restarted server does not get all its pages at once: 5 s on average at first,
 * which for ten thousand pages is a thousand a second.
 */
export class Backoff {
  #failures = 0;
  #openedAt = Infinity;

  opened() {
    this.#openedAt = performance.now();
  }

  next() {
    if (performance.now() - this.#openedAt > STOOD) this.#failures = 0;
    this.#openedAt = Infinity;
    return Math.random() * Math.min(MOST, FIRST * 2 ** this.#failures++);
  }
}

// @ts-check

const FIRST = 10_000;
const MOST = 30_000;
const STOOD = 10_000;

/**
 * How long to wait before the next try, in milliseconds: any time up to a limit that doubles with each failure.
 * All of it is left to chance, so that a server that comes back does not meet all its pages at once: 5 s on average at first,
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

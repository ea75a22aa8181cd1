// @ts-check

/**
 * The server's clock, as well as this page can know it: ages are counted on it, because the clock of a phone or
 * a workshop computer may be minutes off.
 */
export class ServerClock {
  #offset = 0;

  /**
   * Sets the clock from an HTTP answer. Its Date header has whole seconds and was written about half way
   * between asking and hearing.
   * @param {string | null} date
   * @param {number} askedAt
   * @param {number} heardAt
   */
  sync(date, askedAt, heardAt) {
    const server = Date.parse(date ?? '');
    if (!Number.isNaN(server)) this.#offset = server + 500 - (askedAt + heardAt) / 2;
  }

  /**
   * A reading cannot be newer than the server's now.
   * @param {number} timestamp
   */
  atLeast(timestamp) {
    this.#offset = Math.max(this.#offset, timestamp - Date.now());
  }

  now() {
    return Date.now() + this.#offset;
  }
}

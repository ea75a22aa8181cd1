// @ts-check

/** The vehicle shown by the page: the user's choice, otherwise the one that the server names when the page is loaded. */
export class Selection {
  #chosen;
  /** @type {number | null} */
  #found = null;
  #heard = false;

  /** @param {number | null} chosen */
  constructor(chosen) {
    this.#chosen = chosen;
  }

  get current() {
    return this.#chosen ?? this.#found;
  }

  get isChoice() {
    return this.#chosen !== null;
  }

  /** Whether the page needs to hear of no other vehicle. */
  get isSettled() {
    return this.#chosen !== null || this.#heard;
  }

  /** @param {number} id */
  choose(id) {
    this.#chosen = id;
  }

  /** The choice was of a vehicle that does not exist. */
  forget() {
    this.#chosen = null;
  }

  /**
   * As long as no vehicle has ever been heard, the first that is heard is the one to show.
   * @param {number} id
   * @param {boolean} heard
   */
  find(id, heard) {
    if (this.isSettled || (this.#found !== null && !heard)) return;
    this.#found = id;
    this.#heard = heard;
  }
}

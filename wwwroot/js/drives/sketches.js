// @ts-check
import { fetchHistory } from '../app/history.js';
import { bridged } from '../app/gaps.js';

/**
 * @typedef {import('./drive-log.js').Drive} Drive
 * @typedef {{ time: number[], speed: import('../app/columns.js').Column }} Sketch
 */

const POINTS = 120;
const AT_ONCE = 3;

/** Speed curve of each drive in the list, requested a few at a time, and only for visible drives. */
export class Sketches {
  /** @type {Map<string, Sketch>} */
  #known = new Map();
  /** @type {Map<Element, { drive: Drive, draw: (sketch: Sketch) => void }>} */
  #waiting = new Map();
  /** @type {Element[]} */
  #seen = [];
  #running = 0;
  #observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.#observer.unobserve(target);
      this.#seen.push(target);
    }
    this.#next();
  }, { rootMargin: '25%' });

  /**
   * @param {Element} place  Drawn when it can be seen.
   * @param {Drive} drive
   * @param {(sketch: Sketch) => void} draw
   */
  want(place, drive, draw) {
    const known = this.#known.get(keyOf(drive));
    if (known) draw(known);
    else {
      this.#waiting.set(place, { drive, draw });
      this.#observer.observe(place);
    }
  }

  /** Cancels what was not drawn yet. */
  forget() {
    this.#observer.disconnect();
    this.#waiting.clear();
    this.#seen = [];
  }

  async #next() {
    // Others that were seen are drawn by now, or have gone.
    const place = this.#seen.find((seen) => this.#waiting.has(seen));
    const wanted = place && this.#waiting.get(place);
    if (!wanted || this.#running === AT_ONCE) return;
    this.#waiting.delete(place);
    this.#running++;
    this.#next();
    const { drive, draw } = wanted;
    const history = await fetchHistory(drive.vehicleId, { from: drive.start, to: drive.end }, POINTS, new AbortController().signal, ['vehicle_speed']).catch(() => null);
    this.#running--;
    if (history) {
      const [speed] = bridged([history.signals.vehicle_speed.avg], 1);
      const sketch = { time: history.time, speed };
      this.#known.set(keyOf(drive), sketch);
      draw(sketch);
    }
    this.#next();
  }
}

/** @param {Drive} drive */
function keyOf({ vehicleId, start, end }) {
  return `${vehicleId} ${start} ${end}`;
}

// @ts-check

const LOW = 0.06;
const HIGH = 0.9;
const STEP = 0.12;
const HOME = { azimuth: 0.62, height: 0.26 };

/** The eye's place around the car: dragged, or moved with the arrow keys. */
export class Orbit {
  azimuth = HOME.azimuth;
  height = HOME.height;

  /**
   * @param {HTMLElement} element
   * @param {() => void} moved
   * @param {AbortSignal} signal  Ends it.
   */
  constructor(element, moved, signal) {
    element.addEventListener('pointerdown', (event) => {
      if (event.button === 0) element.setPointerCapture(event.pointerId);
    }, { signal });
    element.addEventListener('pointermove', (event) => {
      if (!element.hasPointerCapture(event.pointerId)) return;
      this.#turn(-event.movementX / element.clientWidth * 4, event.movementY / element.clientHeight * 2);
      moved();
    }, { signal });
    element.addEventListener('dblclick', () => {
      Object.assign(this, HOME);
      moved();
    }, { signal });
    element.addEventListener('keydown', (event) => {
      const turn = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[event.key];
      if (!turn) return;
      event.preventDefault();
      this.#turn(turn[0], turn[1]);
      moved();
    }, { signal });
  }

  /**
   * @param {number} azimuth
   * @param {number} height
   */
  #turn(azimuth, height) {
    this.azimuth += azimuth;
    this.height = Math.min(HIGH, Math.max(LOW, this.height + height));
  }
}

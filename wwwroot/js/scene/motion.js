// @ts-check

const SETTLE = 0.35;

/**
 * What moves: the road's way and the wheels' angle are integrals of the true speed, never looped animations.
 */
export class Motion {
  /** Metres a second, following the readings within a fraction of a second. */
  speed = 0;
  /** Metres driven since the page was opened. */
  way = 0;
  /** Metres a second squared. */
  push = 0;

  /**
   * @param {number} kilometresPerHour
   * @param {number} seconds  Since the step before.
   */
  step(kilometresPerHour, seconds) {
    const before = this.speed;
    this.speed += (kilometresPerHour / 3.6 - this.speed) * (1 - Math.exp(-seconds / SETTLE));
    this.way += (before + this.speed) / 2 * seconds;
    this.push += ((this.speed - before) / Math.max(seconds, 1e-3) - this.push) * (1 - Math.exp(-seconds / SETTLE));
  }

  /**
   * Radians that a wheel has turned.
   * @param {number} radius
   */
  angle(radius) {
    return this.way / radius;
  }
}

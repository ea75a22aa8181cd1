// @ts-check
import { REACH } from '../app/recent.js';
import { valueRange } from '../app/scales.js';
import { svg } from '../app/svg.js';

const WIDTH = 240;
// Right of the newest point, so that its dot is whole.
const MARGIN = 10;
const HEIGHT = 60;
const PAD = 9;
// A line across the card, or none.
const MIN_REACH = 10_000;

/** The last minutes as a line. A decoration beside the number, which alone carries the value: hidden from screen readers. */
customElements.define('spark-line', class extends HTMLElement {
  #area = svg('path', { class: 'spark-area' });
  #line = svg('path', { class: 'spark-line' });
  #end = svg('path', { class: 'spark-end' });

  connectedCallback() {
    this.replaceChildren(svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, this.#area, this.#line, this.#end));
  }

  /**
   * @param {import('../app/signals.js').SignalKey} key
   * @param {readonly import('../app/recent.js').Point[]} all
   * @param {number} now
   * @param {number} gap  Silence that breaks the line, in milliseconds.
   */
  show(key, all, now, gap) {
    const reach = Math.min(REACH, now - (all[0]?.time ?? now));
    const points = all.length > 1 && reach >= MIN_REACH ? all : [];
    const values = points.map(({ value }) => value);
    const [low, high] = valueRange(key, values.length > 0 ? Math.min(...values) : null, values.length > 0 ? Math.max(...values) : null);
    const x = (/** @type {number} */ time) => ((WIDTH - MARGIN) * (1 - (now - time) / reach)).toFixed(1);
    const y = (/** @type {number} */ value) => (HEIGHT - PAD - (HEIGHT - 2 * PAD) * (value - low) / (high - low)).toFixed(1);
    let [lines, areas] = ['', ''];
    points.forEach(({ time, value }, i) => {
      const before = points[i - 1];
      const joined = before && time - before.time <= gap;
      lines += `${joined ? 'L' : 'M'}${x(time)} ${y(value)}`;
      if (joined && low === 0) areas += `M${x(before.time)} ${HEIGHT}V${y(before.value)}L${x(time)} ${y(value)}V${HEIGHT}`;
    });
    this.#line.setAttribute('d', lines);
    this.#area.setAttribute('d', areas);
    const last = points.at(-1);
    this.#end.setAttribute('d', last ? `M${x(last.time)} ${y(last.value)}h0` : '');
  }
});

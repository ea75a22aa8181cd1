// @ts-check
import { isKnown } from '../app/columns.js';
import { svg } from '../app/svg.js';

const [WIDTH, HEIGHT] = [1000, 100];
// So that a line along the upper or lower edge is whole.
const PAD = 4;

/** One signal over a whole drive, as a line with the area below it. A decoration: hidden from screen readers. */
export function profile() {
  const area = svg('path', { class: 'profile-area' });
  const line = svg('path', { class: 'profile-line' });
  const element = svg('svg', { class: 'profile', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, area, line);
  return {
    element,
    /**
     * @param {readonly number[]} time  Seconds.
     * @param {import('../app/columns.js').Column} column
     * @param {import('../app/history.js').Span} span  From edge to edge.
     * @param {[number, number]} range  From the lower to the upper edge.
     */
    draw(time, column, { from, to }, [low, high]) {
      const x = (/** @type {number} */ at) => (WIDTH * (at * 1000 - from) / (to - from)).toFixed(1);
      const y = (/** @type {number} */ value) => (HEIGHT - PAD - (HEIGHT - 2 * PAD) * (value - low) / (high - low)).toFixed(1);
      let [lines, areas, last] = ['', '', ''];
      column.forEach((value, i) => {
        if (value === null && last !== '') {
          areas += `L${last} ${HEIGHT}Z`;
          last = '';
        }
        if (!isKnown(value)) return;
        areas += `${last === '' ? `M${x(time[i])} ${HEIGHT}` : ''}L${x(time[i])} ${y(value)}`;
        lines += `${last === '' ? 'M' : 'L'}${x(time[i])} ${y(value)}`;
        last = x(time[i]);
      });
      line.setAttribute('d', lines);
      area.setAttribute('d', last === '' ? areas : `${areas}L${last} ${HEIGHT}Z`);
    },
  };
}

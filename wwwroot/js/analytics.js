// @ts-check
import { chartsIn } from './charts/chart.js';
import { once, painted } from './app/frame.js';
import { startPage } from './page.js';
import { SIGNAL_KEYS, isSix } from './app/signals.js';
import { Trails } from './charts/trails.js';

/** @typedef {import('./app/view.js').View} View */

const frame = /** @type {HTMLElement} */ (document.querySelector('.charts'));
const charts = chartsIn(frame);
const { store, clock, redraw } = startPage(draw, SIGNAL_KEYS.filter((key) => !isSix(key)));
const trails = new Trails();
store.addEventListener('message', (event) => trails.add(/** @type {CustomEvent} */ (event).detail));

/** Whether the last values are the first thing to show. */
const isLive = ['range', 'from'].every((name) => !new URL(location.href).searchParams.has(name));
/** @type {import('./charts/time-shown.js').TimeShown | null} */
let time = null;
const rest = once(async () => {
  if (isLive) await painted();
  const { TimeShown } = await import('./charts/time-shown.js');
  time = new TimeShown({ frame, charts, trails, store, clock, redraw });
  redraw();
});
if (!isLive) rest();

/** @param {View} view */
function draw(view) {
  if (time) {
    time.draw(view);
    return;
  }
  if (isLive) for (const chart of charts) chart.tell(view.data);
  if (view.data || view.linkLost) rest();
}

// @ts-check
import { ChartSet } from './charts/chart-set.js';
import { once, painted } from './app/frame.js';
import { startPage } from './page.js';
import { addedKeys } from './app/signals.js';
import { learnBook } from './app/words.js';
import { Trails } from './charts/trails.js';

/** @typedef {import('./app/view.js').View} View */

const frame = /** @type {HTMLElement} */ (document.querySelector('.charts'));
const charts = new ChartSet(frame);
const { store, clock, redraw, reconnect } = startPage(draw, addedKeys);
const trails = new Trails();
/** Since which connection messages hold what the charts show. */
let complete = 0;
store.addEventListener('message', (event) => {
  const message = /** @type {CustomEvent<import('./app/store.js').Vehicle>} */ (event).detail;
  if (message.connection === complete) trails.clear();
  if (message.connection >= complete) complete = 0;
  trails.add(message);
});
charts.addEventListener('change', begin);

function begin() {
  complete = store.connection + 1;
  reconnect();
}

/** Whether the last values are the first thing to show. */
const isLive = ['range', 'from'].every((name) => !new URL(location.href).searchParams.has(name));
/** @type {import('./charts/time-shown.js').TimeShown | null} */
let time = null;
const rest = once(async () => {
  if (isLive) await painted();
  await learnBook('analytics');
  const { TimeShown } = await import('./charts/time-shown.js');
  time = new TimeShown({ frame, charts, trails, store, clock, redraw, begin });
  redraw();
});
if (!isLive) rest();

/** @param {View} view */
function draw(view) {
  if (time) {
    time.draw(view);
    return;
  }
  if (isLive) for (const chart of charts.list) chart.tell(view.data);
  if (view.data || view.linkLost) rest();
}

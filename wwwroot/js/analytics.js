// @ts-check
import { ChartSet } from './charts/chart-set.js';
import { once, painted } from './app/frame.js';
import { startPage } from './page.js';
import { addedKeys } from './app/signals.js';
import { learnBook } from './app/words.js';

/** @typedef {import('./app/view.js').View} View */

const frame = /** @type {HTMLElement} */ (document.querySelector('.charts'));
const charts = new ChartSet(frame);
const { store, clock, redraw, reconnect } = startPage(draw, addedKeys);
/** Messages that come before the charts can draw them. @type {import('./app/store.js').Vehicle[]} */
const early = [];
/** @type {import('./charts/trails.js').Trails | null} */
let trails = null;
/** Since which connection messages hold what the charts show. */
let complete = 0;
store.addEventListener('message', (event) => {
  const message = /** @type {CustomEvent<import('./app/store.js').Vehicle>} */ (event).detail;
  if (message.connection === complete) {
    early.length = 0;
    trails?.clear();
  }
  if (message.connection >= complete) complete = 0;
  if (trails) trails.add(message);
  else early.push(message);
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
  const [{ TimeShown }, { Trails }] = await Promise.all([import('./charts/time-shown.js'), import('./charts/trails.js')]);
  trails = new Trails();
  for (const message of early.splice(0)) trails.add(message);
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
  if (isLive) for (const chart of charts.list) chart.setLast(view.data);
  if (view.data || view.linkLost) rest();
}

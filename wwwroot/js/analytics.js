// @ts-check
import { painted } from './frame.js';
import { GapFill } from './gap-fill.js';
import { startPage } from './page.js';
import { Past } from './past.js';
import { putRangeInAddress, rangeInAddress } from './range-address.js';
import { CUSTOM, LIVE, UNTIL_NOW, between, likeShown } from './ranges.js';
import { SIGNAL_KEYS, isSix } from './signals.js';
import { Trails } from './trails.js';
import './chart.js';
import './custom-range.js';
import './export-link.js';
import './pause-button.js';
import './range-bar.js';
import './range-status.js';
import './range-title.js';
import './zoom-out.js';

/**
 * @typedef {import('./columns.js').Columns} Columns
 * @typedef {import('./view.js').View} View
 * @typedef {HTMLElement & { show(past: Past, view: View): void }} RangePart
 */

const RANGE_PARTS = 'range-bar, custom-range, range-status, range-title, export-link';
const SHORTEST = 1000;
const NOTHING = { id: -1, version: -1, total: 0 };

const others = SIGNAL_KEYS.filter((key) => !isSix(key));
const frame = /** @type {HTMLElement} */ (document.querySelector('.charts'));
for (const key of others) {
  const chart = document.createElement('signal-chart');
  chart.dataset.chart = key;
  frame.append(chart);
}

const { store, clock, redraw } = startPage(draw, others);
const trails = new Trails();
const past = new Past(rangeInAddress(), clock);
const gapFill = new GapFill(clock, redraw);
const charts = /** @type {(HTMLElement & { draw(columns: Columns): void, described(): void })[]} */ ([...document.querySelectorAll('signal-chart')]);
const parts = /** @type {RangePart[]} */ ([...document.querySelectorAll(RANGE_PARTS)]);
const picker = /** @type {HTMLElement & { show?(view: View): void }} */ (document.querySelector('chart-picker'));
const pause = /** @type {HTMLElement & { paused: boolean, show(missed: number): void }} */ (document.querySelector('pause-button'));

const zoomOut = /** @type {HTMLElement & { show(isZoomed: boolean): void }} */ (document.querySelector('zoom-out'));

/** What was shown before each step of zooming in. @type {import('./ranges.js').Range[]} */
let zoomed = [];

/** What is on the screen of the live points: whose trail, and how far it had come. */
let shown = NOTHING;

/** @param {View} view */
function draw(view) {
  past.tend(view, store.connection);
  document.body.dataset.view = past.isLive ? 'live' : 'past';
  frame.setAttribute('aria-busy', String(!past.isLive && past.status === 'loading'));
  for (const part of parts) part.show(past, view);
  picker.show?.(view);
  zoomOut.show(zoomed.length > 0);
  if (past.isLive) drawLive(view);
  else drawPast();
}

/** @param {View} view */
function drawLive({ vehicleId, offlineAfter }) {
  if (vehicleId === null) return;
  const trail = trails.of(vehicleId);
  gapFill.tend(vehicleId, trail);
  const same = shown.id === vehicleId;
  // Paused, another vehicle is still drawn once: its name must not stand above the first one's lines.
  if (!same || (!pause.paused && shown.version !== trail.version)) {
    shown = { id: vehicleId, version: trail.version, total: trail.total };
    drawAll(trail.columns(offlineAfter));
  }
  pause.show(trail.total - shown.total);
}

function drawPast() {
  shown = NOTHING;
  drawAll(past.columns);
}

/** @param {Columns} columns */
function drawAll(columns) {
  for (const chart of charts) chart.draw(columns);
}

/**
 * @param {import('./ranges.js').Range} range
 * @param {import('./ranges.js').Range[]} before
 */
function choose(range, before = []) {
  zoomed = before;
  putRangeInAddress(range);
  past.choose(range);
}

store.addEventListener('message', (event) => trails.add(/** @type {CustomEvent} */ (event).detail));
past.addEventListener('change', redraw);
picker.addEventListener('described', () => charts.forEach((chart) => chart.described()));
painted().then(() => import('./chart-picker.js')).then(redraw);
pause.addEventListener('toggle', redraw);
frame.addEventListener('zoom', (event) => {
  const { from, to } = /** @type {CustomEvent<import('./history.js').Span>} */ (event).detail;
  if (to - from >= SHORTEST) choose(between(Math.round(from), Math.round(to)), [...zoomed, past.range]);
});
for (const source of [frame, zoomOut]) {
  source.addEventListener('unzoom', () => {
    const before = zoomed.at(-1);
    if (before) choose(before, zoomed.slice(0, -1));
  });
}
document.querySelector('range-status')?.addEventListener('retry', () => past.retry());
document.querySelector('custom-range')?.addEventListener('choose', (event) => choose(/** @type {CustomEvent} */ (event).detail));
document.querySelector('range-bar')?.addEventListener('choose', (event) => {
  const { detail: id } = /** @type {CustomEvent<string>} */ (event);
  choose(id === CUSTOM ? likeShown(past.range, clock.now()) : UNTIL_NOW.find((range) => range.id === id) ?? LIVE);
});

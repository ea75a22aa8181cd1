// @ts-check
import { chartsIn } from './chart.js';
import { painted } from './frame.js';
import { GapFill } from './gap-fill.js';
import { startPage } from './page.js';
import { Past } from './past.js';
import { putRangeInAddress, rangeInAddress } from './range-address.js';
import { CUSTOM, LIVE, UNTIL_NOW, likeShown } from './ranges.js';
import { SIGNAL_KEYS, isSix } from './signals.js';
import { Trails } from './trails.js';
import { Zooms } from './zooms.js';
import './custom-range.js';
import './export-link.js';
import './pause-button.js';
import './range-bar.js';
import './range-status.js';
import './range-title.js';

/**
 * @typedef {import('./columns.js').Columns} Columns
 * @typedef {import('./view.js').View} View
 * @typedef {HTMLElement & { show(past: Past, view: View): void }} RangePart
 */

const RANGE_PARTS = 'range-bar, custom-range, range-status, range-title, export-link';
const NOTHING = { id: -1, version: -1, total: 0 };

const frame = /** @type {HTMLElement} */ (document.querySelector('.charts'));
const charts = chartsIn(frame);

const { store, clock, redraw } = startPage(draw, SIGNAL_KEYS.filter((key) => !isSix(key)));
const trails = new Trails();
const past = new Past(rangeInAddress(), clock);
const gapFill = new GapFill(clock, redraw);
const parts = /** @type {RangePart[]} */ ([...document.querySelectorAll(RANGE_PARTS)]);
const picker = /** @type {HTMLElement & { show?(view: View): void }} */ (document.querySelector('chart-picker'));
const pause = /** @type {HTMLElement & { paused: boolean, show(missed: number): void }} */ (document.querySelector('pause-button'));

const zoomOut = /** @type {HTMLElement & { show?(isZoomed: boolean): void }} */ (document.querySelector('zoom-out'));

const zooms = new Zooms(frame, zoomOut, () => past.range, (range) => {
  putRangeInAddress(range);
  past.choose(range);
});

/** What is on the screen of the live points: whose trail, and how far it had come. */
let shown = NOTHING;

/** @param {View} view */
function draw(view) {
  past.tend(view, store.connection);
  document.body.dataset.view = past.isLive ? 'live' : 'past';
  frame.setAttribute('aria-busy', String(!past.isLive && past.status === 'loading'));
  for (const part of parts) part.show(past, view);
  picker.show?.(view);
  zoomOut.show?.(zooms.isZoomed);
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

store.addEventListener('message', (event) => trails.add(/** @type {CustomEvent} */ (event).detail));
past.addEventListener('change', redraw);
picker.addEventListener('described', () => charts.forEach((chart) => chart.described()));
painted().then(() => Promise.all([import('./chart-picker.js'), import('./zoom-out.js')])).then(redraw);
pause.addEventListener('toggle', redraw);
document.querySelector('range-status')?.addEventListener('retry', () => past.retry());
document.querySelector('custom-range')?.addEventListener('choose', (event) => zooms.start(/** @type {CustomEvent} */ (event).detail));
document.querySelector('range-bar')?.addEventListener('choose', (event) => {
  const { detail: id } = /** @type {CustomEvent<string>} */ (event);
  zooms.start(id === CUSTOM ? likeShown(past.range, clock.now()) : UNTIL_NOW.find((range) => range.id === id) ?? LIVE);
});

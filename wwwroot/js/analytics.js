// @ts-check
import { GapFill } from './gap-fill.js';
import { startPage } from './page.js';
import { Trails } from './trails.js';
import './chart.js';
import './pause-button.js';

/** @typedef {import('./columns.js').Columns} Columns */

const trails = new Trails();
const charts = /** @type {(HTMLElement & { draw(columns: Columns): void })[]} */ ([...document.querySelectorAll('signal-chart')]);
const pause = /** @type {HTMLElement & { paused: boolean, show(missed: number): void }} */ (document.querySelector('pause-button'));

/** What is on the screen: whose trail, and how far it had come. */
let shown = { id: -1, version: -1, total: 0 };

const { store, clock, redraw } = startPage(({ vehicleId, offlineAfter }) => {
  if (vehicleId === null) return;
  const trail = trails.of(vehicleId);
  gapFill.tend(vehicleId, trail);
  const same = shown.id === vehicleId;
  // Paused, another vehicle is still drawn once: its name must not stand above the first one's lines.
  if (!same || (!pause.paused && shown.version !== trail.version)) {
    const columns = trail.columns(offlineAfter);
    shown = { id: vehicleId, version: trail.version, total: trail.total };
    for (const chart of charts) chart.draw(columns);
  }
  pause.show(trail.total - shown.total);
});
const gapFill = new GapFill(clock, redraw);

store.addEventListener('message', (event) => trails.add(/** @type {CustomEvent} */ (event).detail));
pause.addEventListener('toggle', redraw);

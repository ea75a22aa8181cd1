// @ts-check
import { startPage } from './page.js';
import { painted } from './app/frame.js';
import { Freshness } from './app/freshness.js';
import { Recent } from './app/recent.js';
import './elements/kpi-card.js';

/**
 * @typedef {import('./app/store.js').Vehicle} Vehicle
 * @typedef {import('./app/view.js').View} View
 * @typedef {import('./app/latency.js').Latency} Latency
 * @typedef {HTMLElement & { show(view: View, recent: Recent, freshness: Freshness): void }} Card
 * @typedef {HTMLElement & { show?(view: View, latency: Latency, freshness: Freshness): void }} ReadingList
 */

const cards = /** @type {Card[]} */ ([...document.querySelectorAll('kpi-card')]);
const list = /** @type {ReadingList} */ (document.querySelector('reading-list'));
const scene = /** @type {import('./app/parts.js').PartOf<View>} */ (document.querySelector('vehicle-scene'));
const codes = /** @type {import('./app/parts.js').PartOf<View>} */ (document.querySelector('trouble-codes'));
const recent = new Recent();
const freshness = new Freshness();
/** @type {Latency | null} */
let latency = null;

/** Whose last minutes are kept, and since which connection. */
const kept = { id: -1, connection: 0 };

const { store, clock, redraw } = startPage(draw, () => ['*']);
/** What comes after the first numbers: the quieter ones, the vehicle in 3D, and the last minutes from the store. */
const drawn = Promise.withResolvers();
const lookback = drawn.promise.then(async () => {
  await painted();
  const [{ Lookback }, { Latency }] = await Promise.all([import('./app/lookback.js'), import('./app/latency.js'), import('./elements/reading-list.js'), import('./elements/spark-line.js'), import('./elements/trouble-codes.js'), import('./elements/vehicle-scene.js')]);
  latency = new Latency();
  redraw();
  return new Lookback(freshness, (history) => {
    recent.fill(history);
    redraw();
  });
});

store.addEventListener('message', (event) => {
  const message = /** @type {CustomEvent<Vehicle>} */ (event).detail;
  if (message.vehicleId !== store.selection.current) return;
  turnTo(message.vehicleId);
  recent.add(message);
  freshness.hear(message);
  latency?.hear(message);
  if (message.connection === kept.connection || !message.heard) return;
  kept.connection = message.connection;
  const to = message.state === 'running' ? clock.now() : message.timestamp + 1;
  lookback.then((asking) => asking.ask(message.vehicleId, to, freshness.keys));
});

/** @param {View} view */
function draw(view) {
  turnTo(view.vehicleId);
  for (const card of cards) card.show(view, recent, freshness);
  scene.show?.(view);
  codes.show?.(view);
  if (latency) list.show?.(view, latency, freshness);
  latency?.drawn(clock);
  if (view.data || view.linkLost) drawn.resolve(null);
  if (view.state === 'running' && !document.hidden && freshness.inDoubt(view.now).length > 0) lookback.then(askAgain);
}

/** @param {import('./app/lookback.js').Lookback} asking */
function askAgain(asking) {
  const now = clock.now();
  const keys = freshness.inDoubt(now);
  if (asking.isRested && keys.length > 0) asking.ask(kept.id, now, keys);
}

/** @param {number | null} id */
function turnTo(id) {
  if (id === null || id === kept.id) return;
  kept.id = id;
  kept.connection = 0;
  recent.clear();
  freshness.clear();
  lookback.then((asking) => asking.stop());
}

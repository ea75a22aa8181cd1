// @ts-check
import { startPage } from './page.js';
import { once, painted } from './app/frame.js';
import { Freshness } from './app/freshness.js';
import { Recent } from './app/recent.js';
import { CardSet } from './elements/card-set.js';
import './elements/kpi-card.js';

/**
 * @typedef {import('./app/store.js').Vehicle} Vehicle
 * @typedef {import('./app/view.js').View} View
 * @typedef {import('./app/latency.js').Latency} Latency
 * @typedef {HTMLElement & { show?(view: View, latency: Latency, freshness: Freshness): void }} ReadingList
 */

const cards = new CardSet();
const tools = /** @type {any} */ (document.querySelector('card-tools'));
tools.addEventListener('arranged', () => redraw());
const list = /** @type {ReadingList} */ (document.querySelector('reading-list'));
const scene = /** @type {import('./app/parts.js').PartOf<View>} */ (document.querySelector('vehicle-scene'));
const codes = /** @type {import('./app/parts.js').PartOf<View>} */ (document.querySelector('trouble-codes'));
const recent = new Recent();
const freshness = new Freshness();
/** @type {Latency | null} */
let latency = null;
/** @type {((view: View) => void) | null} */
let linkCards = null;

/** Whose last minutes are kept, and since which connection. */
const kept = { id: -1, connection: 0 };

const { store, clock, redraw } = startPage(draw, () => ['*']);
/** What comes after the first numbers: the quieter ones, the vehicle in 3D, and the last minutes from the store. */
const drawn = Promise.withResolvers();
const lookback = drawn.promise.then(async () => {
  await painted();
  const [{ Lookback }, { Latency }, links] = await Promise.all([import('./app/lookback.js'), import('./app/latency.js'), import('./elements/card-links.js'), import('./elements/reading-list.js'), import('./elements/card-tools.js'), import('./elements/spark-line.js'), import('./elements/trouble-codes.js'), import('./elements/vehicle-scene.js')]);
  latency = new Latency();
  linkCards = links.linkCards;
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

/** @type {(HTMLElement & { show?(isWanted: boolean): void }) | null} */
const start = document.querySelector('first-start');
const learnStart = once(() => import('./elements/first-start.js').then(() => redraw()));

/**
 * Before any car was heard, the page says how to connect one.
 * @param {View} view
 */
function drawStart({ state, heard, choices, isMissing }) {
  const isWanted = state === 'offline' && !heard && choices.length < 2 && !isMissing;
  if (isWanted) learnStart();
  start?.show?.(isWanted);
}

/** @param {View} view */
function draw(view) {
  turnTo(view.vehicleId);
  drawStart(view);
  cards.show(view, recent, freshness);
  tools.show?.(view.vehicleId, cards.keys);
  scene.show?.(view);
  codes.show?.(view);
  linkCards?.(view);
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

// @ts-check
import { carryVehicle, putVehicleInAddress, vehicleInAddress } from './address.js';
import { ServerClock } from './clock.js';
import { onFrame } from './frame.js';
import { Live } from './live.js';
import { fetchRoster } from './roster.js';
import { Store } from './store.js';
import { viewOf } from './view.js';
import './announcer.js';
import './last-value.js';
import './link-badge.js';
import './offline-banner.js';
import './state-badge.js';
import './vehicle-switch.js';
import './vehicle-title.js';

/** @typedef {HTMLElement & { show(view: import('./view.js').View): void }} Part */

const TICK = 500;
const GRACE = 5000;

const SHARED = 'state-badge, link-badge, last-value, offline-banner, vehicle-switch, vehicle-title, state-announcer';

/**
 * What every page does: socket to store, store to a view, the view to every part of the page that shows one.
 * @param {(view: import('./view.js').View) => void} draw  Draws the page's own parts.
 */
export function startPage(draw) {
  const clock = new ServerClock();
  const store = new Store(vehicleInAddress());
  const live = new Live(socketAddress());
  const parts = partsOf(SHARED);

  const redraw = onFrame(() => {
    const view = viewOf(store, clock);
    document.body.dataset.state = view.state;
    carryVehicle(view);
    for (const part of parts) part.show(view);
    draw(view);
  });

  live.addEventListener('link', (event) => store.setLink(/** @type {CustomEvent} */ (event).detail));
  live.addEventListener('message', (event) => {
    const message = /** @type {CustomEvent<import('./message.js').Message>} */ (event).detail;
    clock.atLeast(message.timestamp);
    store.receive(message);
  });
  document.querySelector('vehicle-switch')?.addEventListener('choose', (event) => {
    const id = /** @type {CustomEvent<number>} */ (event).detail;
    putVehicleInAddress(id);
    store.choose(id);
  });
  store.addEventListener('change', redraw);
  keepRoster(store, clock);
  setInterval(() => {
    if (isBroken(live, viewOf(store, clock))) live.open();
    redraw();
  }, TICK);
  live.open();
  return { store, clock, redraw };
}

/**
 * The elements of the page that show a view.
 * @param {string} selector
 */
export function partsOf(selector) {
  return /** @type {Part[]} */ ([...document.querySelectorAll(selector)]);
}

function socketAddress() {
  const url = new URL('ws/telemetry', document.baseURI);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

/**
 * A running car that falls silent is declared offline by the server. When not even that arrives, the connection is
 * dead, although the browser has not noticed: a server without power closes nothing.
 * @param {Live} live
 * @param {import('./view.js').View} view
 */
function isBroken(live, view) {
  return live.connected && view.state === 'running' && live.silence > view.offlineAfter + GRACE;
}

/**
 * Asks for names on every connection, and once for each vehicle that has none yet.
 * @param {Store} store
 * @param {ServerClock} clock
 */
function keepRoster(store, clock) {
  let asked = new Set();
  let connection = -1;
  store.addEventListener('change', async () => {
    if (store.link.status !== 'connected') return;
    const fresh = connection !== store.connection;
    const strangers = [...store.vehicles.keys()].filter((id) => !store.roster.has(id) && !asked.has(id));
    if (!fresh && strangers.length === 0) return;
    connection = store.connection;
    asked = new Set([...fresh ? [] : asked, ...store.vehicles.keys()]);
    const entries = await fetchRoster(clock);
    if (entries.length > 0) store.setRoster(entries);
  });
}

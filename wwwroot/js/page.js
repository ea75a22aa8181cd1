// @ts-check
import './app/shell.js';
import { chosenVehicle, putVehicleInAddress } from './app/address.js';
import { ServerClock } from './app/clock.js';
import { findVehicle, recallEarly } from './app/find-vehicle.js';
import { once, painted } from './app/frame.js';
import { Live, socketAt } from './app/live.js';
import { keepShowing } from './app/parts.js';
import { Store } from './app/store.js';
import { isVehiclesChanged } from './app/message.js';
import { viewOf } from './app/view.js';
import './elements/last-value.js';
import './elements/link-badge.js';
import './elements/state-badge.js';
import './elements/vehicle-title.js';

const TICK = 500;
const GRACE = 5000;

/**
 * What every page of one vehicle does: socket to store, store to a view, the view to every part of the page that shows one.
 * @param {(view: import('./app/view.js').View) => void} draw  Draws the page's own parts.
 * @param {() => readonly string[]} others  Signals that it wants besides the six; `*`: all.
 */
export function startPage(draw, others) {
  const clock = new ServerClock();
  const store = new Store(chosenVehicle());
  const live = new Live(() => socketAddress(store, recalled, others));
  const recalled = store.selection.isSettled ? recallEarly(store) : Promise.resolve();
  /** @type {import('./later.js').Later | null} */
  let later = null;

  const rest = once(async () => {
    await painted();
    later = new (await import('./later.js')).Later(store, redraw);
    redraw();
  });
  const redraw = keepShowing(store, clock, (view) => {
    later?.show(view);
    draw(view);
    if (view.data || view.linkLost || view.isMissing) rest();
  });

  live.addEventListener('link', (event) => {
    const link = /** @type {CustomEvent<import('./app/live.js').Link>} */ (event).detail;
    store.setLink(link);
    if (link.status !== 'connected') return;
    clock.sync();
    document.dispatchEvent(new Event('reconnected'));
  });
  live.addEventListener('message', (event) => {
    const message = /** @type {CustomEvent<import('./app/message.js').Message>} */ (event).detail;
    const { isSettled } = store.selection;
    clock.compare(message);
    store.receive(message);
    if (store.selection.isSettled !== isSettled) live.move();
  });
  live.addEventListener('other', (event) => {
    const text = /** @type {CustomEvent} */ (event).detail;
    if (isVehiclesChanged(text)) document.dispatchEvent(new Event('vehicleschanged'));
    else store.receiveOther(text);
  });
  document.querySelector('vehicle-switch')?.addEventListener('choose', (event) => {
    const id = /** @type {CustomEvent<number>} */ (event).detail;
    putVehicleInAddress(id);
    store.choose(id);
    live.move();
  });
  setInterval(() => {
    if (!store.isMissing && isBroken(live, viewOf(store, clock))) live.open();
    if (live.connected) clock.tend();
    redraw();
  }, TICK);
  live.open();
  // A socket of a vehicle that is none would be refused again and again.
  recalled.then(() => {
    if (!store.isMissing) return;
    live.close();
    store.setLink({ status: 'connected' });
  });
  return { store, clock, redraw, reconnect: () => live.move() };
}

/**
 * Of the shown vehicle alone, so that thousands of others do not weigh on the page.
 * @param {Store} store
 * @param {Promise<void>} recalled  Done once it is known if the chosen vehicle exists.
 * @param {() => readonly string[]} others
 */
async function socketAddress(store, recalled, others) {
  await recalled;
  if (!store.selection.isSettled) await findVehicle(store);
  const { isSettled, current } = store.selection;
  const keys = encodeURIComponent(others().join());
  return socketAt(`ws/telemetry?${isSettled ? `vehicle_id=${current}&` : ''}${keys && `signals=${keys}&`}alerts=true&vehicles=true&forecasts=true`);
}

/**
 * A running car that falls silent is declared offline by the server. When not even that arrives, the connection is
 * dead, although the browser has not noticed: a server without power closes nothing.
 * @param {Live} live
 * @param {import('./app/view.js').View} view
 */
function isBroken(live, view) {
  return live.connected && view.state === 'running' && live.silence > view.offlineAfter + GRACE;
}

// @ts-check
import './app/shell.js';
import { carryVehicle, vehicleInAddress } from './app/address.js';
import { ServerClock } from './app/clock.js';
import { lostText } from './app/faults.js';
import { choiceInAddress, putChoiceInAddress } from './fleet/fleet-address.js';
import { othersOf } from './fleet/fleet-columns.js';
import { Fleet } from './fleet/fleet-store.js';
import { once, onFrame, painted } from './app/frame.js';
import { Live, socketAt } from './app/live.js';
import { partsOf } from './app/parts.js';
import { setText } from './app/text.js';
import { isVehiclesChanged } from './app/message.js';
import { word } from './app/words.js';
import './fleet/fleet-count.js';
import './fleet/fleet-filter.js';
import './fleet/fleet-table.js';
import './elements/link-badge.js';

const TICK = 1000;
/** Typing goes on for about so long between two letters. */
const SETTLED = 300;

const clock = new ServerClock();
const fleet = new Fleet(choiceInAddress());
const live = new Live(async () => socketAddress());
const parts = partsOf('server-banner, fleet-count, fleet-filter, fleet-table, fleet-pager, link-badge');
const announcer = /** @type {HTMLElement} */ (document.querySelector('[data-announcer]'));

/** Vehicles and signals that the socket subscribes to. */
let heard = '';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let moving;

/** @type {import('./app/server-watch.js').ServerWatch | null} */
let watch = null;
/** @type {import('./app/open-alerts.js').OpenAlerts | null} */
let alertWatch = null;
const rest = once(async () => {
  await painted();
  const [{ ServerWatch }, { watchAlerts }] = await Promise.all([import('./app/server-watch.js'), import('./elements/alert-watch.js'), import('./later.js'), import('./fleet/fleet-menu.js'), import('./fleet/fleet-pager.js')]);
  alertWatch = watchAlerts(fleet.alerts, (id) => fleet.nameOf(id));
  watch = new ServerWatch((faults) => fleet.setFaults(faults));
  redraw();
});
const redraw = onFrame(() => {
  const view = fleet.view(clock.now());
  for (const part of parts) part.show?.(view);
  if (view.linkLost) setText(announcer, lostText(view.faults));
  else if (!view.loading && view.count === 0) setText(announcer, word('fleet.none'));
  else setText(announcer, '');
  if (!view.loading || view.linkLost) rest();
  watch?.tend(view);
  alertWatch?.tend(view);
});

/** Only the shown vehicles; vehicle 1, which always exists, if none is shown. */
function socketAddress() {
  const url = socketAt('ws/telemetry');
  heard = wanted();
  const others = othersOf(fleet.columns).join();
  url.searchParams.set('vehicle_id', fleet.shownIds() || '1');
  if (others) url.searchParams.set('signals', others);
  url.searchParams.set('alerts', 'true');
  url.searchParams.set('vehicles', 'true');
  return url;
}

function wanted() {
  return `${fleet.shownIds()} ${othersOf(fleet.columns)}`;
}

/** Listens to other vehicles as soon as others are shown, and have been for a moment. */
function follow() {
  clearTimeout(moving);
  // The first socket is opened once there is a list.
  if (heard && wanted() !== heard) moving = setTimeout(() => live.move(), SETTLED);
}

fleet.addEventListener('change', () => {
  follow();
  redraw();
});
live.addEventListener('link', (event) => {
  const link = /** @type {CustomEvent<import('./app/live.js').Link>} */ (event).detail;
  fleet.setLink(link);
  if (link.status !== 'connected') return;
  clock.sync();
  document.dispatchEvent(new Event('reconnected'));
});
live.addEventListener('message', (event) => {
  const message = /** @type {CustomEvent<import('./app/message.js').Message>} */ (event).detail;
  clock.compare(message);
  fleet.receive(message);
});
live.addEventListener('other', (event) => {
  const text = /** @type {CustomEvent} */ (event).detail;
  if (isVehiclesChanged(text)) fleet.refresh();
  else fleet.alerts.receive(text);
});
for (const part of parts) {
  part.addEventListener('choose', (event) => {
    fleet.choose(/** @type {CustomEvent} */ (event).detail);
    putChoiceInAddress(fleet.choice);
  });
  part.addEventListener('columns', () => fleet.chooseColumns());
}

carryVehicle({ vehicleId: vehicleInAddress(), pinned: true });
setInterval(() => {
  if (live.connected) clock.tend();
  redraw();
}, TICK);
await fleet.load();
live.open();

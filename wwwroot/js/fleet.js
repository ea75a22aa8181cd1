// @ts-check
import './shell.js';
import { carryVehicle, vehicleInAddress } from './address.js';
import { ServerClock } from './clock.js';
import { lostText } from './faults.js';
import { choiceInAddress, putChoiceInAddress } from './fleet-address.js';
import { Fleet } from './fleet-store.js';
import { once, onFrame, painted } from './frame.js';
import { Live, socketAt } from './live.js';
import { partsOf } from './parts.js';
import { setText } from './text.js';
import { word } from './words.js';
import './fleet-count.js';
import './fleet-filter.js';
import './fleet-pager.js';
import './fleet-table.js';
import './link-badge.js';

const TICK = 1000;
/** Typing goes on for about so long between two letters. */
const SETTLED = 300;

const clock = new ServerClock();
const fleet = new Fleet(choiceInAddress());
const live = new Live(async () => socketAddress());
const parts = partsOf('server-banner, fleet-count, fleet-filter, fleet-table, fleet-pager, link-badge');
const announcer = /** @type {HTMLElement} */ (document.querySelector('[data-announcer]'));

/** Whom the socket tells of. */
let heard = '';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let moving;

/** @type {import('./server-watch.js').ServerWatch | null} */
let watch = null;
const rest = once(async () => {
  await painted();
  const [{ ServerWatch }] = await Promise.all([import('./server-watch.js'), import('./later.js')]);
  watch = new ServerWatch((faults) => fleet.setFaults(faults));
  redraw();
});
const redraw = onFrame(() => {
  const view = fleet.view(clock.now());
  for (const part of parts) part.show?.(view);
  if (view.linkLost) setText(announcer, lostText(view.faults));
  else if (!view.loading && view.count === 0) setText(announcer, word('fleet.nobody'));
  else setText(announcer, '');
  if (!view.loading || view.linkLost) rest();
  watch?.tend(view);
});

/** Of the shown vehicles alone; of vehicle 1, which always exists, where there is none to show. */
function socketAddress() {
  const url = socketAt('ws/telemetry');
  heard = fleet.shownIds();
  url.searchParams.set('vehicle_id', heard || '1');
  return url;
}

/** Listens to other vehicles as soon as others are shown, and have been for a moment. */
function follow() {
  clearTimeout(moving);
  if (fleet.isLoaded && fleet.shownIds() !== heard) moving = setTimeout(() => live.move(), SETTLED);
}

fleet.addEventListener('change', () => {
  follow();
  redraw();
});
live.addEventListener('link', (event) => {
  const link = /** @type {CustomEvent<import('./live.js').Link>} */ (event).detail;
  fleet.setLink(link);
  if (link.status !== 'connected') return;
  clock.sync();
  document.dispatchEvent(new Event('reconnected'));
});
live.addEventListener('message', (event) => {
  const message = /** @type {CustomEvent<import('./message.js').Message>} */ (event).detail;
  clock.compare(message);
  fleet.receive(message);
});
for (const part of parts) {
  part.addEventListener('choose', (event) => {
    fleet.choose(/** @type {CustomEvent} */ (event).detail);
    putChoiceInAddress(fleet.choice);
  });
}

carryVehicle({ vehicleId: vehicleInAddress(), pinned: true });
setInterval(() => {
  if (live.connected) clock.tend();
  redraw();
}, TICK);
await fleet.load();
live.open();

// @ts-check
import './app/shell.js';
import { carryVehicle, chosenVehicle, putVehicleInAddress } from './app/address.js';
import { Alerts } from './app/alerts.js';
import { onFrame } from './app/frame.js';
import { Live, socketAt } from './app/live.js';
import { isVehiclesChanged } from './app/message.js';
import { partsOf } from './app/parts.js';
import { fetchWholeRoster } from './app/roster.js';
import { ServerWatch } from './app/server-watch.js';
import { setText } from './app/text.js';
import { nameOf } from './app/view.js';
import { word } from './app/words.js';
import { watchAlerts } from './elements/alert-watch.js';
import './later.js';
import './elements/link-badge.js';
import './trips/period-bar.js';
import './trips/trip-calendar.js';
import './trips/trip-files.js';
import './trips/trip-list.js';
import './trips/trip-logbook.js';
import './trips/trip-totals.js';
import { positionOf } from './trips/position.js';
import { TripBook } from './trips/trip-book.js';

const TICK = 1000;

/** @type {import('./app/view.js').Linked} */
let linked = { link: { status: 'connecting' }, linkLost: false, faults: [] };
/** @type {import('./app/roster.js').Entry[]} */
let roster = [];
/** Vehicles that send a position. @type {Set<number>} */
const located = new Set();
const book = new TripBook();
const alerts = new Alerts();
const nameOfVehicle = (/** @type {number} */ id) => nameOf(entryOf(id), id);
const bell = watchAlerts(alerts, nameOfVehicle);
const parts = partsOf('server-banner, link-badge');
const shown = /** @type {import('./app/parts.js').PartOf<any>[]} */ (partsOf('period-bar, trip-calendar, trip-files, trip-totals, trip-list'));
const problem = /** @type {HTMLElement} */ (document.querySelector('.trips-problem'));
const select = /** @type {HTMLSelectElement} */ (document.querySelector('.trips-vehicle'));
const logbook = /** @type {any} */ (document.querySelector('trip-logbook'));

/** @param {number} id */
function entryOf(id) {
  return roster.find(({ vehicleId }) => vehicleId === id);
}

const redraw = onFrame(() => {
  for (const part of parts) part.show?.(linked);
  watch.tend(linked);
  bell.tend(linked);
});
const watch = new ServerWatch((faults) => {
  linked = { ...linked, faults };
  redraw();
});

book.addEventListener('change', async () => {
  setText(problem, book.status === 'error' ? word('trips.problem', { problem: book.problem }) : '');
  if (book.status === 'ready') {
    for (const id of new Set(book.trips.map((trip) => trip.vehicle_id))) if (await positionOf(id)) located.add(id);
  }

  for (const part of shown) /** @type {any} */ (part).show?.(book, nameOfVehicle, (/** @type {number} */ id) => located.has(id));
});
for (const part of shown) {
  part.addEventListener('choose', (event) => book.choose(/** @type {CustomEvent} */ (event).detail));
  part.addEventListener('price', (event) => book.setPrice(/** @type {CustomEvent} */ (event).detail.name, /** @type {CustomEvent} */ (event).detail.price));
  part.addEventListener('changed', () => book.by === 'tag' && book.load());
}

addEventListener('beforeprint', () => logbook.show(book, nameOfVehicle, (/** @type {number} */ id) => entryOf(id)?.raw.vin ?? ''));
select.addEventListener('change', () => {
  if (select.value) putVehicleInAddress(Number(select.value));
  carryVehicle({ vehicleId: Number(select.value) || null, pinned: select.value !== '' });
  book.choose({ vehicleId: select.value });
});

async function load() {
  const entries = await fetchWholeRoster();
  if (!entries) return;
  roster = entries;
  const listed = roster.filter(({ isHidden }) => isHidden !== true);
  select.replaceChildren(...listed.map((entry) => new Option(nameOf(entry, entry.vehicleId), String(entry.vehicleId))), ...(listed.length > 1 ? [new Option(word('trips.all'), '')] : []));
  select.value = book.vehicleId;
}

const live = new Live(async () => {
  const url = socketAt('ws/telemetry');
  url.search = String(new URLSearchParams({ vehicle_id: '1', max_hz: '1', alerts: 'true', vehicles: 'true' }));
  return url;
});
live.addEventListener('link', (event) => {
  const link = /** @type {CustomEvent<import('./app/live.js').Link>} */ (event).detail;
  linked = { ...linked, link, linkLost: link.status === 'connecting' ? linked.linkLost : link.status === 'waiting' };
  if (link.status === 'connected' && book.status === 'error') book.load();
  redraw();
});
live.addEventListener('other', (event) => {
  const text = /** @type {CustomEvent} */ (event).detail;
  if (isVehiclesChanged(text)) load();
  else alerts.receive(text);
});
setInterval(redraw, TICK);
live.open();
redraw();
await load();
const first = roster.find(({ isHidden }) => isHidden !== true)?.vehicleId;
book.vehicleId = String(chosenVehicle() ?? first ?? '');
select.value = book.vehicleId;
carryVehicle({ vehicleId: Number(book.vehicleId) || null, pinned: chosenVehicle() !== null });
book.choose({ by: book.period.month === null ? 'month' : 'week' });

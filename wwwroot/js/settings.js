// @ts-check
import './app/shell.js';
import { carryVehicle, chosenVehicle } from './app/address.js';
import { Alerts } from './app/alerts.js';
import { onFrame } from './app/frame.js';
import { Live, socketAt } from './app/live.js';
import { partsOf } from './app/parts.js';
import { fetchWholeRoster } from './app/roster.js';
import { ServerWatch } from './app/server-watch.js';
import { isVehiclesChanged } from './app/message.js';
import { nameOf } from './app/view.js';
import { watchAlerts } from './elements/alert-watch.js';
import './later.js';
import './elements/link-badge.js';
import './settings/about-server.js';
import './settings/connection-info.js';
import './settings/data-transfer.js';
import './settings/unit-settings.js';
import './settings/vehicle-settings.js';

const TICK = 1000;
const AGAIN = 10_000;

/** @type {import('./app/view.js').Linked} */
let linked = { link: { status: 'connecting' }, linkLost: false, faults: [] };
/** @type {import('./app/roster.js').Entry[]} */
let roster = [];
const alerts = new Alerts();
const bell = watchAlerts(alerts, (id) => nameOf(roster.find(({ vehicleId }) => vehicleId === id), id));
const parts = partsOf('server-banner, link-badge');
const vehicles = partsOf('vehicle-settings, data-transfer');
document.addEventListener('changed', () => load());
const redraw = onFrame(() => {
  for (const part of parts) part.show?.(linked);
  watch.tend(linked);
  bell.tend(linked);
});
const watch = new ServerWatch((faults) => {
  linked = { ...linked, faults };
  redraw();
});

async function load() {
  const entries = await fetchWholeRoster();
  if (!entries) return;
  roster = entries;
  for (const part of vehicles) part.show?.(roster);
}

const live = new Live(async () => {
  const url = socketAt('ws/telemetry');
  url.search = String(new URLSearchParams({ vehicle_id: '1', max_hz: '1', alerts: 'true', vehicles: 'true' }));
  return url;
});
live.addEventListener('link', (event) => {
  const link = /** @type {CustomEvent<import('./app/live.js').Link>} */ (event).detail;
  linked = { ...linked, link, linkLost: link.status === 'connecting' ? linked.linkLost : link.status === 'waiting' };
  if (link.status === 'connected') load();
  redraw();
});
live.addEventListener('other', (event) => {
  const text = /** @type {CustomEvent} */ (event).detail;
  if (isVehiclesChanged(text)) load();
  else alerts.receive(text);
});
carryVehicle({ vehicleId: chosenVehicle(), pinned: chosenVehicle() !== null });
setInterval(redraw, TICK);
setInterval(() => document.hidden || load(), AGAIN);
load();
live.open();
redraw();

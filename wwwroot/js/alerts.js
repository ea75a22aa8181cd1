// @ts-check
import './app/shell.js';
import { carryVehicle, chosenVehicle, putVehicleInAddress } from './app/address.js';
import { Alerts } from './app/alerts.js';
import { ServerClock } from './app/clock.js';
import { onFrame } from './app/frame.js';
import { Live, socketAt } from './app/live.js';
import { partsOf } from './app/parts.js';
import { fetchRoster } from './app/roster.js';
import { ServerWatch } from './app/server-watch.js';
import { setText } from './app/text.js';
import { nameOf as entryName } from './app/view.js';
import { word } from './app/words.js';
import { watchAlerts } from './elements/alert-watch.js';
import { choice } from './elements/choice.js';
import { AddressedAlert } from './alerts/addressed-alert.js';
import { actOn, placeInAddress } from './alerts/alerts-page.js';
import { Rules } from './alerts/rules.js';
import './alerts/channels-part.js';
import './alerts/history-part.js';
import './alerts/open-part.js';
import './alerts/rule-editor.js';
import './alerts/rules-part.js';
import './later.js';
import './elements/link-badge.js';

/**
 * @typedef {import('./alerts/alerts-page.js').PageView} PageView
 * @typedef {HTMLElement & { show(view: PageView): void, load?(): Promise<void> }} Part
 */

const TICK = 1000;
/** How long ago a rule was judged is asked for anew so often, while it is shown. */
const AGAIN = 10_000;
/** Of other vehicles than those of the socket. */
const SOON = 5000;
/** Vehicles that the socket is asked about. */
const MAX_VEHICLES = 50;
const PARTS = /** @type {const} */ (['open', 'rules', 'history', 'channels']);

const clock = new ServerClock();
const rules = new Rules();
const alerts = new Alerts();
const addressed = new AddressedAlert(alerts);
/** @type {Map<number, import('./app/roster.js').Entry>} */
let roster = new Map();
let vehicleId = chosenVehicle() ?? 1;
const nameOf = (/** @type {number} */ id) => entryName(roster.get(id), id);
const watch = watchAlerts(alerts, nameOf, SOON);
const live = new Live(async () => socketAddress());
/** @type {import('./app/view.js').Linked} */
let linked = { link: { status: 'connecting' }, linkLost: false, faults: [] };
const server = new ServerWatch((faults) => {
  linked = { ...linked, faults };
  redraw();
});

const shared = partsOf('server-banner, link-badge');
const parts = /** @type {Record<typeof PARTS[number], Part>} */ (Object.fromEntries(PARTS.map((name) => [name, document.querySelector(`${name}-part`)])));
const editor = /** @type {import('./alerts/rule-editor.js').RuleEditor} */ (document.querySelector('rule-editor'));
const count = /** @type {HTMLElement} */ (document.querySelector('[data-count]'));
const tabs = choice('part', word('alerts.parts'), PARTS.map((id) => ({ id, label: word(`alerts.part.${id}`) })), (id) => {
  location.hash = id === 'open' ? '' : id;
});
let wasAskedAt = -Infinity;
/** @type {import('./alerts/rule.js').Rule | null} */
let adapted = null;

const redraw = onFrame(() => {
  const part = shownPart();
  addressed.follow();
  for (const one of shared) one.show?.(linked);
  for (const name of PARTS) if (name === part) parts[name].show(view());
  const open = alerts.open.length;
  setText(count, watch.status === 'loading' ? word('range.loading') : watch.asOf === 0 ? '' : word(open === 0 ? 'bell.none' : open === 1 ? 'bell.one' : 'bell.count', { count: open }));
  server.tend({ ...linked });
  watch.tend(linked);
  if (part !== 'rules' || document.hidden || performance.now() - wasAskedAt < AGAIN) return;
  wasAskedAt = performance.now();
  rules.load();
});

/** The part of the page that the address leads to. */
function shownPart() {
  const { part } = placeInAddress();
  return part === 'alert' ? addressed.part : part;
}

/** @returns {PageView} */
function view() {
  return {
    open: alerts.open, watch, rules, vehicleId, addressed, nameOf, now: clock.now(),
    vehicles: [...roster.values()].map(({ vehicleId: id }) => ({ id, name: nameOf(id) })),
    act: async (alert, action, detail) => {
      const problem = await actOn(alert, action, detail);
      await watch.ask();
      if (shownPart() === 'history') parts.history.load?.();
      return problem;
    },
  };
}

/** Of the first vehicles, and their readings as seldom as can be: the alerts of all others are asked for. */
function socketAddress() {
  const url = socketAt('ws/telemetry');
  const ids = [...roster.keys()].slice(0, MAX_VEHICLES);
  url.search = String(new URLSearchParams({ vehicle_id: ids.join() || String(vehicleId), max_hz: '1', alerts: 'true' }));
  return url;
}

/** Shows the part that the address names. */
async function turn() {
  rules.refusal = null;
  const place = placeInAddress();
  addressed.show(place.part === 'alert' ? place.alertId : '');
  turnTo(shownPart());
  if (place.part === 'rules') ready.then(() => rules.loadPresets(vehicleId));
  if (place.part === 'editor') await edit(place.ruleId);
  redraw();
}

/** @param {Exclude<ReturnType<typeof placeInAddress>['part'], 'alert'>} part */
function turnTo(part) {
  document.body.dataset.part = part;
  for (const name of PARTS) parts[name].hidden = name !== part;
  editor.hidden = part !== 'editor';
  tabs.show(part === 'editor' ? 'rules' : part);
  if (part !== 'editor') editor.stop();
  if (part === 'history' || part === 'channels') parts[part].load?.();
}

/** @param {number | null} ruleId */
async function edit(ruleId) {
  await ready;
  if (rules.status !== 'ready') await rules.load();
  const saved = ruleId === null ? null : rules.find(ruleId);
  if (ruleId !== null && !saved) return leave();
  editor.open(saved?.rule ?? adapted, saved, { rules, vehicles: view().vehicles, now: () => clock.now(), vehicleId });
  adapted = null;
  return undefined;
}

function leave() {
  location.hash = 'rules';
}

/**
 * A rule that was offered, under a name of its own.
 * @param {Event} event
 */
function named(event) {
  const { detail: rule } = /** @type {CustomEvent<import('./alerts/rule.js').Rule>} */ (event);
  return { ...rule, name: rules.freeName(rule.name, nameOf(vehicleId)) };
}

async function learnNames() {
  const entries = await fetchRoster(vehicleId);
  if (entries.length > 0) roster = new Map(entries.map((entry) => [entry.vehicleId, entry]));
  if (!roster.has(vehicleId)) vehicleId = entries[0]?.vehicleId ?? vehicleId;
  redraw();
}

/** What the editor needs before it can open. */
const ready = Promise.all([learnNames(), rules.load(), rules.learnRights()]);

for (const source of [alerts, watch, rules]) source.addEventListener('change', redraw);
addressed.addEventListener('change', () => {
  if (document.body.dataset.part !== shownPart()) turnTo(shownPart());
  redraw();
});
alerts.addEventListener('fired', () => rules.status === 'ready' && rules.load());
live.addEventListener('other', (event) => alerts.receive(/** @type {CustomEvent} */ (event).detail));
live.addEventListener('link', (event) => {
  const link = /** @type {CustomEvent<import('./app/live.js').Link>} */ (event).detail;
  linked = { ...linked, link, linkLost: link.status === 'connecting' ? linked.linkLost : link.status === 'waiting' };
  if (link.status === 'connected') {
    clock.sync();
    rules.load();
    document.dispatchEvent(new Event('reconnected'));
  }
  redraw();
});
parts.rules.addEventListener('vehicle', (event) => {
  vehicleId = /** @type {CustomEvent<number>} */ (event).detail;
  putVehicleInAddress(vehicleId);
  rules.loadPresets(vehicleId);
});
parts.rules.addEventListener('switch', async (event) => {
  const saved = /** @type {CustomEvent<import('./alerts/rule.js').SavedRule>} */ (event).detail;
  await rules.save({ ...saved.rule, enabled: !saved.rule.enabled }, saved.rule.name, saved);
  watch.ask();
}, true);
parts.rules.addEventListener('take', async (event) => {
  const rule = named(event);
  await rules.save(rule, rule.name, null);
}, true);
parts.rules.addEventListener('adapt', (event) => {
  adapted = named(event);
  location.hash = 'new';
}, true);
editor.addEventListener('done', async (event) => {
  leave();
  await turn();
  const { detail: ruleId } = /** @type {CustomEvent<number | undefined>} */ (event);
  parts.rules.show(view());
  const next = /** @type {HTMLElement | null} */ (parts.rules.querySelector(`[data-rule="${ruleId}"] .rule-name`) ?? parts.rules.querySelector('.button-main'));
  next?.focus();
});
addEventListener('hashchange', turn);

document.querySelector('.alerts-parts')?.append(tabs.element);
carryVehicle({ vehicleId: chosenVehicle(), pinned: true });
setInterval(() => {
  if (live.connected) clock.tend();
  redraw();
}, TICK);
turn();
await ready;
live.open();
redraw();

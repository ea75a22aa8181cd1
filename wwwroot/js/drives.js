// @ts-check
import './app/shell.js';
import { chosenVehicle, putVehicleInAddress, vehicleInAddress } from './app/address.js';
import { ServerClock } from './app/clock.js';
import { DriveLog, beginningOf } from './drives/drive-log.js';
import { dropMomentFromAddress, momentInAddress, putMomentInAddress } from './drives/moment-address.js';
import { Playback } from './drives/playback.js';
import { Player } from './drives/player.js';
import { painted } from './app/frame.js';
import { keepShowing } from './app/parts.js';
import { fetchRoster } from './app/roster.js';
import { Store } from './app/store.js';
import './drives/drive-count.js';
import './drives/drive-list.js';
import './elements/last-value.js';
import './elements/link-badge.js';
import './elements/state-badge.js';
import './elements/vehicle-title.js';

/** @typedef {import('./app/view.js').View} View */

// Wide screens show the list next to the drive; narrow ones show one of them, according to the address. As in css/drives.css.
const WIDE = matchMedia('(min-width: 72rem)');
const TICK = 250;
const WRITE = 1000;
const WRITE_PLAYING = 5000;

const clock = new ServerClock();
const store = new Store(chosenVehicle());
store.isRecorded = true;
const log = new DriveLog();
const playback = new Playback(store);
const list = /** @type {HTMLElement & { show(log: DriveLog, open: typeof playback.drive, view: View): void }} */ (document.querySelector('drive-list'));
const count = /** @type {HTMLElement & { show(log: DriveLog, view: View): void }} */ (document.querySelector('drive-count'));
const redraw = keepShowing(store, playback.cursor, (view) => {
  count.show(log, view);
  list.show(log, playback.drive, view);
  player.show(view);
  watch?.tend(view);
  alertWatch?.tend(view);
});
const player = new Player(playback, clock, redraw);
/** @type {import('./app/server-watch.js').ServerWatch | null} */
let watch = null;
/** @type {import('./app/open-alerts.js').OpenAlerts | null} */
let alertWatch = null;
let writtenAt = 0;

/**
 * Opens the drive that the address names; beside the list there is always one.
 * @param {boolean} isAsked  Whether the moment is to be shown even if its drive is open already.
 */
function open(isAsked) {
  const moment = momentInAddress();
  const drive = moment !== null ? log.of(moment) : WIDE.matches ? log.list[0] ?? null : null;
  document.body.toggleAttribute('data-open', moment !== null && drive !== null);
  const isOther = drive?.start !== playback.drive?.start || drive?.vehicleId !== playback.drive?.vehicleId;
  const hasGoneOn = isAsked && drive?.end !== playback.drive?.end;
  if (isOther || hasGoneOn) playback.open(drive, moment ?? (drive ? beginningOf(drive) : 0));
  else if (isAsked && moment !== null) playback.seek(moment);
}

/** Keeps the shown moment in the address, once the user has moved from the beginning. */
function write() {
  const { drive, cursor } = playback;
  if (!drive) return;
  writtenAt = performance.now();
  const at = Math.round(cursor.now());
  const written = momentInAddress();
  if (at !== written && (written !== null || at !== beginningOf(drive))) putMomentInAddress(at);
}

/** What the list's answer says of the link, while no drive is open whose socket says it better. */
function tellLink() {
  if (playback.drive) return;
  if (log.status === 'error') store.setLink({ status: 'waiting', retryAt: log.retryAt });
  else if (log.status === 'ready') store.setLink({ status: 'connected' });
}

async function learnNames() {
  const asked = store.selection.current;
  const entries = await fetchRoster(asked);
  if (entries.length > 0) store.setRoster(entries, asked);
  if (!store.isMissing || vehicleInAddress() !== null) return;
  store.isMissing = false;
  store.forgetChoice();
  log.choose(null, momentInAddress());
}

log.addEventListener('change', () => {
  const { vehicleId } = log;
  if (log.status === 'ready' && vehicleId !== null) {
    if (store.roster.size === 0) learnNames();
    store.selection.find(vehicleId, true);
    open(false);
  }
  if (log.status === 'error' && store.roster.size === 0) learnNames();
  tellLink();
  redraw();
});
document.addEventListener('visibilitychange', () => document.hidden || log.refresh());
list.addEventListener('earlier', () => log.earlier());
list.addEventListener('retry', () => log.retry());
addEventListener('hashchange', () => {
  const moment = momentInAddress();
  if (moment !== null && (moment < log.since || moment > log.until)) log.choose(log.vehicleId, moment);
  else open(true);
  redraw();
});
WIDE.addEventListener('change', () => open(false));
playback.addEventListener('change', () => {
  if (!playback.isPlaying) write();
});
document.querySelector('moment-link')?.addEventListener('wanted', write);
document.querySelector('vehicle-switch')?.addEventListener('focusin', learnNames);
document.querySelector('vehicle-switch')?.addEventListener('choose', (event) => {
  const id = /** @type {CustomEvent<number>} */ (event).detail;
  dropMomentFromAddress();
  putVehicleInAddress(id);
  playback.open(null, 0);
  store.choose(id);
  log.choose(id, null);
});
setInterval(() => {
  if (performance.now() - writtenAt > (playback.isPlaying ? WRITE_PLAYING : WRITE)) write();
  redraw();
}, TICK);
painted().then(() => import('./drives/later.js')).then(({ ServerWatch, learnAlerts }) => {
  alertWatch = learnAlerts(store);
  watch = new ServerWatch((faults) => store.setFaults(faults));
  redraw();
});
clock.sync();
log.choose(store.selection.current, momentInAddress());

// @ts-check
import { word } from './words.js';

/** Default offline timeout, in milliseconds, until the server has sent one. */
export const OFFLINE_AFTER = 10_000;
/** Two clocks may differ by that much, in milliseconds. */
export const AHEAD = 5000;

/**
 * @typedef {{ link: import('./live.js').Link, linkLost: boolean, faults: readonly import('./faults.js').Fault[] }} Linked
 * @typedef {{ now(): number }} Clock  Milliseconds: the server's present, or the moment of a drive that is looked at.
 */

/**
 * What the page may show at one moment for its vehicle.
 * @typedef {object} View
 * @property {number | null} vehicleId
 * @property {string} name
 * @property {string} device
 * @property {'running' | 'offline' | 'unknown'} state  Unknown until this connection has sent it.
 * @property {Record<string, any> | null} profile  The vehicle as the server lists it; null: not known yet.
 * @property {boolean} heard
 * @property {boolean} isMissing   True if the server knows no such vehicle.
 * @property {boolean} isRecorded  True for a recording.
 * @property {string | null} lastDrive  Length of the last drive; null: not known.
 * @property {boolean | null} dated True if the newest reading has a timestamp: values retained by a broker have none. Null: not known yet.
 * @property {Readonly<import('./message.js').Data> | null} data
 * @property {number} now           By the clock of what is shown.
 * @property {number} timestamp     Of the newest reading.
 * @property {number} age           Of the newest reading, in milliseconds.
 * @property {number} offlineAfter
 * @property {import('./live.js').Link} link
 * @property {boolean} linkLost
 * @property {readonly import('./faults.js').Fault[]} faults
 * @property {readonly import('./alert.js').Alert[]} alerts  Open ones, the worst first.
 * @property {boolean} pinned       True if links should name the vehicle.
 * @property {{ id: number, name: string }[]} choices
 */

/**
 * @param {import('./store.js').Store} store
 * @param {Clock} clock
 * @returns {View}
 */
export function viewOf(store, clock) {
  const id = store.selection.current;
  const vehicle = id === null ? undefined : store.vehicles.get(id);
  const entry = id === null ? undefined : store.roster.get(id);
  const isCurrent = vehicle !== undefined && store.link.status === 'connected' && vehicle.connection === store.connection;
  const choices = choicesOf(store, id);
  return {
    vehicleId: id,
    name: id === null ? word('vehicle') : nameOf(entry, id),
    device: entry?.device ?? '',
    profile: entry?.raw ?? null,
    state: isCurrent ? vehicle.state : 'unknown',
    heard: vehicle?.heard ?? false,
    isMissing: store.isMissing,
    isRecorded: store.isRecorded,
    lastDrive: store.lastDrives.get(id ?? 0) ?? null,
    dated: isToCome(vehicle, clock) ? false : vehicle?.ran || (entry ? entry.lastSeen !== null : store.linkLost || null),
    data: vehicle?.data ?? null,
    now: clock.now(),
    timestamp: vehicle?.timestamp ?? 0,
    age: vehicle ? Math.max(0, clock.now() - vehicle.timestamp) : 0,
    offlineAfter: entry?.offlineAfter ?? OFFLINE_AFTER,
    link: store.link,
    linkLost: store.linkLost,
    faults: store.faults,
    alerts: store.alerts?.of(id) ?? [],
    pinned: store.selection.isChoice || (choices.length > 1 && vehicle?.heard === true),
    choices,
  };
}

/**
 * A reading in the future comes from a wrong clock: its age is unknown.
 * @param {import('./store.js').Vehicle | undefined} vehicle
 * @param {Clock} clock
 */
function isToCome(vehicle, clock) {
  return vehicle?.state === 'offline' && vehicle.timestamp - clock.now() > AHEAD;
}

/**
 * @param {import('./store.js').Store} store
 * @param {number | null} shown
 */
function choicesOf(store, shown) {
  const listed = [...store.roster.values()].filter(({ isHidden }) => !isHidden).map(({ vehicleId }) => vehicleId);
  const ids = new Set([...listed, ...(shown === null || store.isMissing ? [] : [shown])]);
  return [...ids].sort((a, b) => a - b).map((id) => ({ id, name: nameOf(store.roster.get(id), id) }));
}

/**
 * The state in a word. A car that has fallen silent is parked; of one that was never heard nothing is known.
 * @param {{ state: View['state'], heard: boolean, isRecorded?: boolean }} of
 */
export function stateWord({ state, heard, isRecorded = false }) {
  return word(state === 'offline' && heard && !isRecorded ? 'state.parked' : `state.${state}`);
}

/**
 * @param {import('./roster.js').Entry | undefined} entry
 * @param {number} id
 */
export function nameOf(entry, id) {
  return entry?.name || word('vehicle.number', { id });
}

/**
 * The worst open alert about a signal: what its value is coloured by. None without a rule that has fired.
 * @param {readonly import('./alert.js').Alert[]} alerts  Of the vehicle, the worst first.
 * @param {import('./signals.js').SignalKey} key
 */
export function alertOn(alerts, key) {
  return alerts.find(({ signal }) => signal === key) ?? null;
}

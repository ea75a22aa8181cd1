// @ts-check
import { keepVehicle } from './address.js';
import { Selection } from './selection.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./live.js').Link} Link
 * @typedef {import('./faults.js').Fault} Fault
 * @typedef {import('./roster.js').Entry} Entry
 *
 * @typedef {object} Standing
 * @property {boolean} heard       Whether it ever sent a reading.
 * @property {boolean} ran         Whether it has been running since the page was opened.
 * @property {number} connection   Number of the connection that brought the message; 0: none did.
 *
 * @typedef {Message & Standing} Vehicle
 */

/** State of the page. Fires `change` after every change, `message` with each Vehicle as it comes in, and `other` with the text of each further message. */
export class Store extends EventTarget {
  /** @type {Map<number, Vehicle>} */
  vehicles = new Map();
  /** @type {Map<number, Entry>} */
  roster = new Map();
  /** @type {Link} */
  link = { status: 'connecting' };
  /** Whether a connection has been lost, or could not be made, since the last good one. */
  linkLost = false;
  /** @type {readonly Fault[]} */
  faults = [];
  connection = 0;
  /** Whether the server knows no such vehicle. */
  isMissing = false;
  /** Whether what is shown is a recording, and not the present. */
  isRecorded = false;
  /** Length of the last drive, for people, by vehicle. @type {Map<number, string>} */
  lastDrives = new Map();
  /** As the socket reports them, once their module has come. @type {import('./alerts.js').Alerts | null} */
  alerts = null;
  /** @type {import('./forecasts.js').Forecasts | null} */
  forecasts = null;
  /** What came before the alerts. @type {unknown[]} */
  #early = [];
  selection;

  /** @param {number | null} chosen */
  constructor(chosen) {
    super();
    this.selection = new Selection(chosen);
  }

  /** @param {Message} message */
  receive(message) {
    const vehicle = this.#put(message, this.connection);
    this.selection.find(vehicle.vehicleId, vehicle.heard);
    this.dispatchEvent(new CustomEvent('message', { detail: vehicle }));
    this.#changed();
  }

  /**
   * Values that are known apart from the socket: asked for, or kept by this browser. They say nothing about the state.
   * @param {Message} message
   * @returns {Vehicle}
   */
  recall(message) {
    const known = this.vehicles.get(message.vehicleId);
    const vehicle = known && known.timestamp > message.timestamp ? known : this.#put(message, 0);
    this.#changed();
    return vehicle;
  }

  /** @param {Link} link */
  setLink(link) {
    this.link = link;
    if (link.status === 'connected') this.connection++;
    if (link.status !== 'connecting') this.linkLost = link.status === 'waiting';
    this.#changed();
  }

  /** @param {readonly Fault[]} faults */
  setFaults(faults) {
    this.faults = faults;
    this.#changed();
  }

  /** Removes all vehicles, as before the first message. */
  forget() {
    this.vehicles.clear();
    this.alerts?.clear();
    this.#changed();
  }

  /**
   * A message about something else than values.
   * @param {unknown} text
   */
  receiveOther(text) {
    if (!this.alerts) this.#early.push(text);
    this.dispatchEvent(new CustomEvent('other', { detail: text }));
  }

  /** @param {import('./alerts.js').Alerts} alerts */
  setAlerts(alerts) {
    this.alerts = alerts;
    for (const text of this.#early.splice(0)) alerts.receive(text);
    this.addEventListener('other', (event) => alerts.receive(/** @type {CustomEvent} */ (event).detail));
    alerts.addEventListener('change', () => this.#changed());
    this.#changed();
  }

  /**
   * @param {Entry[]} entries
   * @param {number | null} [asked]  The vehicle that is among them, if it exists.
   */
  setRoster(entries, asked = null) {
    this.roster = new Map(entries.map((entry) => [entry.vehicleId, entry]));
    if (asked !== null && asked === this.selection.current) this.isMissing = !this.roster.has(asked);
    this.#changed();
  }

  /** @param {boolean} isMissing */
  setMissing(isMissing) {
    this.isMissing = isMissing;
    this.#changed();
  }

  /**
   * @param {number} id
   * @param {string} distance
   */
  setLastDrive(id, distance) {
    this.lastDrives.set(id, distance);
    this.#changed();
  }

  /** @param {number} id */
  choose(id) {
    this.isMissing = false;
    this.selection.choose(id);
    this.#changed();
  }

  /** The vehicle that was chosen in an earlier visit is no more. */
  forgetChoice() {
    keepVehicle(null);
    this.selection.forget();
  }

  /**
   * @param {Message} message
   * @param {number} connection
   */
  #put(message, connection) {
    const heard = message.state === 'running'
      || Object.values(message.data).some((value) => value !== null)
      || this.vehicles.get(message.vehicleId)?.heard === true;
    const ran = message.state === 'running' || this.vehicles.get(message.vehicleId)?.ran === true;
    const vehicle = { ...message, heard, ran, connection };
    this.vehicles.set(vehicle.vehicleId, vehicle);
    return vehicle;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

// @ts-check
import { vehicleInAddress } from './address.js';
import { parse } from './message.js';

/** Requests the last message of the vehicle to open with: the lowest id that runs, otherwise the lowest one ever heard. Fails if the server cannot be reached. */
export async function askFirst() {
  const text = (await early())?.text ?? await (await fetch('telemetry/latest?prefer=running', { cache: 'no-store' })).text();
  const message = parse(text);
  if (!message) throw new Error('The server names no vehicle.');
  return message;
}

/**
 * Finds the vehicle to open with and its values, to show them before the socket is open.
 * @param {import('./store.js').Store} store
 */
export async function findVehicle(store) {
  const { vehicleId, heard } = store.recall(await askFirst());
  store.selection.find(vehicleId, heard);
}

/**
 * Shows the last values of the chosen vehicle, unless its socket was faster. A choice of an earlier visit is dropped if there is no such
 * vehicle any more; a page whose address names one says so.
 * @param {import('./store.js').Store} store
 */
export async function recallEarly(store) {
  const answer = await early();
  if (answer?.status === 404 && vehicleInAddress() === null) store.forgetChoice();
  else if (answer?.status === 404) store.setMissing(true);
  const message = parse(answer?.text);
  if (message && !store.vehicles.has(message.vehicleId)) store.recall(message);
}

/**
 * What js/early.js has asked for, the first time.
 * @returns {Promise<{ status: number, text: string | null } | null>}
 */
function early() {
  const page = /** @type {{ latest?: Promise<{ status: number, text: string | null } | null> }} */ (globalThis);
  const { latest } = page;
  delete page.latest;
  return latest ?? Promise.resolve(null);
}

// @ts-check
import { parse } from './message.js';

/** Requests the last message of the most recently heard vehicle. Fails if the server cannot be reached. */
export async function askLatest() {
  const text = await early() ?? await (await fetch('telemetry/latest', { cache: 'no-store' })).text();
  const message = parse(text);
  if (!message) throw new Error('The server does not say which vehicle it heard last.');
  return message;
}

/**
 * Finds the most recently heard vehicle and its values, to show them before the socket is open.
 * @param {import('./store.js').Store} store
 */
export async function findVehicle(store) {
  const { vehicleId, heard } = store.recall(await askLatest());
  store.selection.find(vehicleId, heard);
}

/**
 * Shows the last values of the chosen vehicle, unless its socket was faster.
 * @param {import('./store.js').Store} store
 */
export async function recallEarly(store) {
  const message = parse(await early());
  if (message && !store.vehicles.has(message.vehicleId)) store.recall(message);
}

/**
 * What js/early.js has asked for, the first time.
 * @returns {Promise<string | null>}
 */
function early() {
  const page = /** @type {{ latest?: Promise<string | null> }} */ (globalThis);
  const { latest } = page;
  delete page.latest;
  return latest ?? Promise.resolve(null);
}

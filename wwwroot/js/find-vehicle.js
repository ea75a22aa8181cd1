// @ts-check
import { parse } from './message.js';

/**
 * Asks for the vehicle that was heard last, and for its values: they can be shown before the socket is open.
 * Fails where the server cannot be reached.
 * @param {import('./store.js').Store} store
 */
export async function findVehicle(store) {
  const response = await fetch('telemetry/latest', { cache: 'no-store' });
  const message = parse(await response.text());
  if (!message) throw new Error(`No vehicle: the server answered ${response.status}.`);
  const { vehicleId, heard } = store.recall(message);
  store.selection.find(vehicleId, heard);
}

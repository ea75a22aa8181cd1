// @ts-check
import { describe } from './signals.js';
import { send } from './send.js';
import { learnBook } from './words.js';

/**
 * Asks which signals a vehicle has ever sent, and learns their units and names. None without an answer.
 * @param {number} vehicleId
 * @returns {Promise<string[]>}
 */
export async function askSignals(vehicleId) {
  const [{ body }] = await Promise.all([send('GET', `signals?vehicle_id=${vehicleId}`), learnBook('signals')]);
  const known = Array.isArray(body) ? body.filter((item) => typeof item?.name === 'string') : [];
  for (const { name, unit } of known) describe(name, unit);
  return known.filter(({ value }) => value !== null).map(({ name }) => name);
}

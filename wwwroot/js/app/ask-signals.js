// @ts-check
import { describe } from './signals.js';
import { learnBook } from './words.js';

/**
 * Asks which signals a vehicle has ever sent, and learns their units and names. None without an answer.
 * @param {number} vehicleId
 * @returns {Promise<string[]>}
 */
export async function askSignals(vehicleId) {
  const [response] = await Promise.all([fetch(`signals?vehicle_id=${vehicleId}`, { cache: 'no-store' }).catch(() => null), learnBook('signals')]);
  const list = response?.ok ? await response.json().catch(() => []) : [];
  return Array.isArray(list) ? list.filter((item) => typeof item?.name === 'string').map(({ name, unit }) => describe(name, unit)) : [];
}

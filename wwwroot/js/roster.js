// @ts-check

/** @typedef {{ vehicleId: number, name: string, device: string, offlineAfter: number }} Entry  offlineAfter in milliseconds. */

export const OFFLINE_AFTER = 10_000;

/**
 * The vehicles' names and devices. The answer also sets the clock. An empty list when there is no answer:
 * the pages then do with "Vehicle 1".
 * @param {import('./clock.js').ServerClock} clock
 * @returns {Promise<Entry[]>}
 */
export async function fetchRoster(clock) {
  try {
    const askedAt = Date.now();
    const response = await fetch('vehicles', { cache: 'no-store' });
    clock.sync(response.headers.get('Date'), askedAt, Date.now());
    const list = response.ok ? await response.json() : [];
    return Array.isArray(list) ? list.filter((item) => Number.isSafeInteger(item?.vehicle_id)).map(entry) : [];
  } catch {
    return [];
  }
}

/**
 * @param {any} item
 * @returns {Entry}
 */
function entry(item) {
  return {
    vehicleId: item.vehicle_id,
    name: typeof item.name === 'string' ? item.name.trim() : '',
    device: typeof item.device === 'string' ? item.device : '',
    offlineAfter: item.offline_after_seconds > 0 ? item.offline_after_seconds * 1000 : OFFLINE_AFTER,
  };
}

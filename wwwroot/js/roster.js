// @ts-check

/** @typedef {{ vehicleId: number, name: string, device: string, offlineAfter: number }} Entry  offlineAfter in milliseconds. */

export const OFFLINE_AFTER = 10_000;

/** As many as one list to choose from should hold; the fleet page shows the others. */
const ENOUGH = 200;
const PAGE = 1000;

/**
 * The first vehicles, and the shown one wherever it stands. An empty list when there is no answer: the pages then do
 * with "Vehicle 1".
 * @param {number | null} shown
 */
export async function fetchRoster(shown) {
  const entries = await page(0, ENOUGH);
  const found = shown === null || entries.length === 0 || entries.some(({ vehicleId }) => vehicleId === shown);
  if (found) return entries;
  const [entry] = await page(shown - 1, 1);
  return entry?.vehicleId === shown ? [...entries, entry] : entries;
}

/** Every vehicle. */
export async function fetchWholeRoster() {
  /** @type {Entry[]} */
  const all = [];
  for (;;) {
    const entries = await page(all.at(-1)?.vehicleId ?? 0, PAGE);
    all.push(...entries);
    if (entries.length < PAGE) return all;
  }
}

/**
 * @param {number} after
 * @param {number} limit
 * @returns {Promise<Entry[]>}
 */
async function page(after, limit) {
  try {
    const response = await fetch(`vehicles?after=${after}&limit=${limit}`, { cache: 'no-store' });
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

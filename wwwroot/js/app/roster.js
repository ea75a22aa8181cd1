// @ts-check
import { utc } from './message.js';
import { OFFLINE_AFTER } from './view.js';

/**
 * A vehicle of the list. offlineAfter in milliseconds; lastSeen in milliseconds of the server's clock, null before any reading.
 * @typedef {{ vehicleId: number, name: string, device: string, state: 'running' | 'offline', lastSeen: number | null, offlineAfter: number, isHidden: boolean | null, data: Readonly<Record<string, number>> | null, raw: Record<string, any> }} Entry
 */

/** As many as one list to choose from should hold; the fleet page shows the others. */
const ENOUGH = 200;
const PAGE = 1000;

/**
 * The first vehicles, and the shown one at any position. Empty without an answer: the pages then use
 * "Vehicle 1".
 * @param {number | null} shown
 */
export async function fetchRoster(shown) {
  const entries = withHidden(await page(0, ENOUGH) ?? []);
  const found = shown === null || entries.length === 0 || entries.some(({ vehicleId }) => vehicleId === shown);
  if (found) return entries;
  const [entry] = await page(shown - 1, 1) ?? [];
  return entry?.vehicleId === shown ? [...entries, entry] : entries;
}

/**
 * Every vehicle; null when there is no answer.
 * @param {readonly string[]} [signals]  Whose last values are asked for, besides the six; absent: no values.
 * @param {(entries: Entry[]) => void} [came]  Called with the first ones, if there are more.
 */
export async function fetchWholeRoster(signals, came) {
  /** @type {Entry[]} */
  const all = [];
  for (;;) {
    const entries = await page(all.at(-1)?.vehicleId ?? 0, PAGE, signals);
    if (!entries) return null;
    all.push(...entries);
    if (entries.length < PAGE) return withHidden(all);
    if (all.length === PAGE) came?.(withHidden([...all]));
  }
}

/**
 * Vehicle 1 always exists: unless a user has said so, it is in no list while it was never heard and there are others.
 * @param {Entry[]} entries
 */
function withHidden(entries) {
  const [first] = entries;
  if (first?.vehicleId === 1 && first.lastSeen === null && entries.length > 1) first.isHidden ??= true;
  return entries;
}

/**
 * @param {number} after
 * @param {number} limit
 * @param {readonly string[]} [signals]
 * @returns {Promise<Entry[] | null>}
 */
async function page(after, limit, signals) {
  try {
    const response = await fetch(`vehicles?after=${after}&limit=${limit}${signals ? `&signals=${['rpm', ...signals].join()}` : ''}`, { cache: 'no-store' });
    const list = response.ok ? await response.json() : null;
    return Array.isArray(list) ? list.filter((item) => Number.isSafeInteger(item?.vehicle_id)).map(entry) : null;
  } catch {
    return null;
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
    state: item.state === 'running' ? 'running' : 'offline',
    lastSeen: typeof item.last_seen === 'string' ? utc(item.last_seen) : null,
    data: item.data ?? null,
    raw: item,
    isHidden: typeof item.hidden === 'boolean' ? item.hidden : null,
    offlineAfter: item.offline_after_seconds > 0 ? item.offline_after_seconds * 1000 : OFFLINE_AFTER,
  };
}

// @ts-check
import { keep, kept } from './kept.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./store.js').Store} Store
 */

const NAME = 'last-values';
const VEHICLES = 20;
const PAUSE = 2000;

let isForgotten = false;

/**
 * Keeps the last values of the vehicles that were shown last, for the time when the server cannot be reached.
 * @param {Store} store
 */
export function keepLastKnown(store) {
  let keptAt = -Infinity;
  /** @type {Message | null} */
  let newest = null;
  const write = () => {
    if (!newest || isForgotten) return;
    const { vehicleId, state, data, timestamp } = newest;
    keep(NAME, JSON.stringify([{ vehicleId, state, data, timestamp }, ...lastKnown().filter((message) => message.vehicleId !== vehicleId)].slice(0, VEHICLES)));
    keptAt = performance.now();
    newest = null;
  };
  const hear = (/** @type {import('./store.js').Vehicle | undefined} */ message) => {
    if (message?.vehicleId !== store.selection.current || !message?.heard) return;
    newest = message;
    if (performance.now() - keptAt > PAUSE || message.state === 'offline') write();
  };
  hear(store.vehicles.get(store.selection.current ?? -1));
  store.addEventListener('message', (event) => hear(/** @type {CustomEvent} */ (event).detail));
  addEventListener('pagehide', write);
}

/**
 * Shows stored values where nothing newer is known.
 * @param {Store} store
 */
export function recallLastKnown(store) {
  if (store.vehicles.size > 0) return;
  const messages = lastKnown();
  const { selection } = store;
  const wanted = messages.find(({ vehicleId }) => selection.current === null || selection.current === vehicleId);
  if (!wanted) return;
  selection.find(wanted.vehicleId, false);
  store.recall(wanted);
}

/** A logout removes all stored values. */
export function forgetLastKnown() {
  isForgotten = true;
  keep(NAME, null);
}

/** @returns {Message[]} */
function lastKnown() {
  try {
    const list = JSON.parse(kept(NAME) ?? '[]');
    return Array.isArray(list) ? list.filter((item) => Number.isSafeInteger(item?.vehicleId) && Number.isFinite(item.timestamp) && typeof item.data === 'object' && item.data) : [];
  } catch {
    return [];
  }
}

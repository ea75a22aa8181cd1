// @ts-check
import { keepDefaultCards } from './card-choice.js';
import { fetchRoster } from './roster.js';

const ALONE = 10_000;

/**
 * Requests names and choices: on every connection, for a vehicle without a name, when the user opens the choice,
 * and periodically while there is nothing to choose from.
 * @param {import('./store.js').Store} store
 */
export function keepRoster(store) {
  let connection = 0;
  /** @type {number | null} */
  let asked = null;
  const ask = async () => {
    asked = store.selection.current;
    const entries = await fetchRoster(asked);
    if (entries.length === 0) return;
    for (const { vehicleId, raw } of entries) if (vehicleId === asked) keepDefaultCards(vehicleId, raw);
    store.setRoster(entries, asked);
  };
  const change = () => {
    const { current } = store.selection;
    const isCurrent = current !== null && store.vehicles.get(current)?.connection === store.connection;
    if (store.link.status !== 'connected' || (!isCurrent && !store.isMissing)) return;
    const stranger = !store.roster.has(current) && asked !== current;
    if (connection === store.connection && !stranger) return;
    connection = store.connection;
    ask();
  };
  store.addEventListener('change', change);
  change();
  document.querySelector('vehicle-switch')?.addEventListener('focusin', ask);
  document.addEventListener('vehicleschanged', ask);
  setInterval(() => {
    if (store.link.status === 'connected' && store.roster.size < 2 && !document.hidden) ask();
  }, ALONE);
}

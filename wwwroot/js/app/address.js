// @ts-check
import { keep, kept } from './kept.js';

const CHOICE = 'vehicle';
const PARAMETER = 'vehicle_id';
const MOST_OTHERS = 14;

/** The vehicle that the page's address names, if it names one. */
export function vehicleInAddress() {
  return numberIn(new URL(location.href).searchParams.get(PARAMETER));
}

/** The vehicle that the page's address names, otherwise the one last chosen in this browser. */
export function chosenVehicle() {
  const named = vehicleInAddress();
  if (named !== null) keepVehicle(named);
  return named ?? numberIn(kept(CHOICE));
}

/** @param {number | null} id  Null: none any more. */
export function keepVehicle(id) {
  keep(CHOICE, id === null ? null : String(id));
}

/** @param {string | null} text */
function numberIn(text) {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Signals beyond the six that the page's address adds: `charts=boost,soc`. As many as the store answers for at once, with the six. */
export function othersInAddress() {
  const names = new URL(location.href).searchParams.get('charts')?.split(',') ?? [];
  return [...new Set(names)].filter((name) => /^[^\s,\p{Cc}]{1,256}$/u.test(name)).slice(0, MOST_OTHERS);
}

/** @param {readonly string[]} names */
export function putOthersInAddress(names) {
  const url = new URL(location.href);
  if (names.length > 0) url.searchParams.set('charts', names.join());
  else url.searchParams.delete('charts');
  history.replaceState(history.state, '', url);
}

/** @param {number} id */
export function putVehicleInAddress(id) {
  keepVehicle(id);
  history.replaceState(history.state, '', withVehicle(location.href, id));
}

/**
 * Lets the links between the pages lead to the same vehicle.
 * @param {Pick<import('./view.js').View, 'pinned' | 'vehicleId'>} view
 */
export function carryVehicle(view) {
  const id = view.pinned ? view.vehicleId : null;
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a[data-page]'))) {
    const href = withVehicle(link.href, id);
    if (link.href !== href) link.href = href;
  }
}

/**
 * @param {string} href
 * @param {number | null} id
 */
function withVehicle(href, id) {
  const url = new URL(href);
  if (id === null) url.searchParams.delete(PARAMETER);
  else url.searchParams.set(PARAMETER, String(id));
  return url.href;
}

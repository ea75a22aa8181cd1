// @ts-check

const PARAMETER = 'vehicle_id';

/** The vehicle that the page's address names, if it names one. */
export function vehicleInAddress() {
  const text = new URL(location.href).searchParams.get(PARAMETER) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** @param {number} id */
export function putVehicleInAddress(id) {
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

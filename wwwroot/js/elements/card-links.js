// @ts-check
import { isSix } from '../app/signals.js';

/**
 * Lets each card lead to the chart of its signal.
 * @param {import('../app/view.js').View} view
 */
export function linkCards({ vehicleId, pinned }) {
  for (const link of document.querySelectorAll('.kpi-link')) {
    const key = /** @type {HTMLElement | null} */ (link.closest('kpi-card'))?.dataset.signal ?? '';
    const query = new URLSearchParams({ ...(pinned ? { vehicle_id: String(vehicleId) } : {}), ...(isSix(key) ? {} : { charts: key }) });
    const href = query.size > 0 ? `analytics.html?${query}` : 'analytics.html';
    if (link.getAttribute('href') !== href) link.setAttribute('href', href);
  }
}

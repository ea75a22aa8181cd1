// @ts-check
import { showAppBadge } from '../app/app-badge.js';
import { OpenAlerts } from '../app/open-alerts.js';
import { announceAlerts } from './alert-announcer.js';
import './alert-bell.js';

/**
 * Keeps alerts as the server has them, and the bell and screen readers with them.
 * @param {import('../app/alerts.js').Alerts} alerts
 * @param {(vehicleId: number) => string} nameOf  Of a vehicle.
 * @param {number} [pause]  Milliseconds between two requests: a socket reports changes at once, but only of the vehicles that the page shows.
 */
export function watchAlerts(alerts, nameOf, pause = 15_000) {
  const watch = new OpenAlerts(alerts, pause);
  const bell = /** @type {(HTMLElement & { show(alerts: readonly import('../app/alert.js').Alert[]): void }) | null} */ (document.querySelector('alert-bell'));
  const show = () => {
    bell?.show(alerts.open);
    if (watch.asOf > 0) showAppBadge(alerts.open.length);
  };
  watch.addEventListener('change', show);
  // Alerts that were already open are not announced.
  watch.addEventListener('change', () => {
    alerts.addEventListener('change', show);
    announceAlerts(alerts, nameOf);
  }, { once: true });
  return watch;
}

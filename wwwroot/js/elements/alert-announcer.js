// @ts-check
import { sentenceOf } from '../app/alert-words.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/**
 * Tells screen readers of each new alert, once: at once where it is critical, otherwise when they have nothing else to say.
 * @param {import('../app/alerts.js').Alerts} alerts
 * @param {(vehicleId: number) => string} nameOf
 */
export function announceAlerts(alerts, nameOf) {
  const polite = make('div', 'visually-hidden');
  const assertive = make('div', 'visually-hidden');
  polite.setAttribute('role', 'status');
  assertive.setAttribute('role', 'alert');
  document.body.append(polite, assertive);
  alerts.addEventListener('fired', (event) => {
    const alert = /** @type {CustomEvent<import('../app/alert.js').Alert>} */ (event).detail;
    setText(alert.severity === 'critical' ? assertive : polite, word('alert.of', { vehicle: alert.vehicleId === null ? word('alert.server') : nameOf(alert.vehicleId), sentence: sentenceOf(alert) }));
  });
}

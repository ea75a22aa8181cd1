// @ts-check
// What the page can do without until the drives are listed.
import { Alerts } from '../app/alerts.js';
import { nameOf } from '../app/view.js';
import { watchAlerts } from '../elements/alert-watch.js';
import '../elements/alert-line.js';
import '../elements/announcer.js';
import '../app/service-worker.js';
import '../elements/language-switch.js';
import '../elements/log-out.js';
import '../elements/missing-vehicle.js';
import '../elements/server-banner.js';
import '../elements/theme-switch.js';
import '../elements/vehicle-switch.js';

export { ServerWatch } from '../app/server-watch.js';

/**
 * Those of the drive come with its recording; the bell counts those of this moment.
 * @param {import('../app/store.js').Store} store
 */
export function learnAlerts(store) {
  store.setAlerts(new Alerts());
  return watchAlerts(new Alerts(), (id) => nameOf(store.roster.get(id), id));
}

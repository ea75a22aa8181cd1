// @ts-check
// What the page can do without until the drives are listed.
import '../elements/announcer.js';
import '../app/service-worker.js';
import '../elements/language-switch.js';
import '../elements/log-out.js';
import '../elements/server-banner.js';
import '../elements/theme-switch.js';
import '../elements/vehicle-switch.js';

export { ServerWatch } from '../app/server-watch.js';

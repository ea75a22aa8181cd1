// @ts-check
// What the page can do without until the drives are listed.
import '../announcer.js';
import '../app.js';
import '../language-switch.js';
import '../log-out.js';
import '../server-banner.js';
import '../theme-switch.js';
import '../vehicle-switch.js';

export { ServerWatch } from '../server-watch.js';

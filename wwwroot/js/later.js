// @ts-check
import { keepLastKnown, recallLastKnown } from './last-known.js';
import { keepRoster } from './keep-roster.js';
import { ServerWatch } from './server-watch.js';
import { ScreenLight } from './wake-lock.js';
import './announcer.js';
import './app.js';
import './language-switch.js';
import './log-out.js';
import './offline-banner.js';
import './server-banner.js';
import './theme-switch.js';
import './vehicle-switch.js';

/** What a page of one vehicle can do without until its first numbers stand: whoever waits for them waits for nothing else. */
export class Later {
  #light = new ScreenLight();
  #store;
  #watch;

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.#store = store;
    this.#watch = new ServerWatch((faults) => store.setFaults(faults));
    keepRoster(store);
    keepLastKnown(store);
  }

  /** @param {import('./view.js').View} view */
  show(view) {
    this.#light.show(view);
    this.#watch.tend(view);
    if (view.linkLost) recallLastKnown(this.#store);
  }
}

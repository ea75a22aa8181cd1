// @ts-check
import { askForLogin } from './admission.js';
import { keepLastKnown, recallLastKnown } from './last-known.js';
import { keepRoster } from './keep-roster.js';
import { ScreenLight } from './wake-lock.js';
import './announcer.js';
import './app.js';
import './language-switch.js';
import './log-out.js';
import './offline-banner.js';
import './theme-switch.js';
import './vehicle-switch.js';

/** What a page of one vehicle can do without until its first numbers stand: whoever waits for them waits for nothing else. */
export class Later {
  #light = new ScreenLight();
  #store;

  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.#store = store;
    keepRoster(store);
    keepLastKnown(store);
  }

  /** @param {import('./view.js').View} view */
  show(view) {
    this.#light.show(view);
    askForLogin(view.link);
    if (view.linkLost) recallLastKnown(this.#store);
  }
}

// @ts-check
import { Alerts } from './app/alerts.js';
import { keepLastKnown, recallLastKnown } from './app/last-known.js';
import { keepRoster } from './app/keep-roster.js';
import { LastDrive } from './app/last-drive.js';
import { ServerWatch } from './app/server-watch.js';
import { ScreenLight } from './app/wake-lock.js';
import { nameOf } from './app/view.js';
import './elements/alert-strip.js';
import { watchAlerts } from './elements/alert-watch.js';
import './elements/announcer.js';
import './app/service-worker.js';
import './elements/language-switch.js';
import './elements/log-out.js';
import './elements/missing-vehicle.js';
import './elements/offline-banner.js';
import './elements/server-banner.js';
import './elements/theme-switch.js';
import './elements/vehicle-switch.js';

/** Deferred features, loaded after the first values are shown. */
export class Later {
  #light = new ScreenLight();
  #store;
  #watch;
  #alerts;
  #lastDrive;
  /** @type {import('./forecasts/page-forecasts.js').PageForecasts | null} */
  #forecasts = null;

  /**
   * @param {import('./app/store.js').Store} store
   * @param {() => void} redraw
   */
  constructor(store, redraw) {
    this.#store = store;
    this.#watch = new ServerWatch((faults) => store.setFaults(faults));
    const alerts = new Alerts();
    store.setAlerts(alerts);
    this.#alerts = watchAlerts(alerts, (id) => nameOf(store.roster.get(id), id));
    this.#lastDrive = new LastDrive(store);
    keepRoster(store);
    keepLastKnown(store);
    import('./forecasts/page-forecasts.js').then(({ PageForecasts }) => {
      this.#forecasts = new PageForecasts(store, redraw);
      redraw();
    });
  }

  /** @param {import('./app/view.js').View} view */
  show(view) {
    this.#light.show(view);
    this.#watch.tend(view);
    this.#alerts.tend(view);
    this.#lastDrive.tend(view);
    this.#forecasts?.show(view);
    if (view.linkLost) recallLastKnown(this.#store);
  }
}

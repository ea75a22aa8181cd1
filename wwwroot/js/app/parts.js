// @ts-check
import { carryVehicle } from './address.js';
import { onFrame } from './frame.js';
import { viewOf } from './view.js';

const SHARED = 'missing-vehicle, alert-strip, server-banner, state-badge, link-badge, last-value, offline-banner, vehicle-switch, vehicle-title, state-announcer';

/**
 * An element that shows what the page knows, as soon as its module has come.
 * @template View
 * @typedef {HTMLElement & { show?(view: View): void }} PartOf
 */

/**
 * The elements of the page that show a view.
 * @param {string} selector
 * @returns {PartOf<any>[]}
 */
export function partsOf(selector) {
  return /** @type {PartOf<any>[]} */ ([...document.querySelectorAll(selector)]);
}

/**
 * Shows the state of the store at the clock's time: at every change, and on request.
 * @param {import('./store.js').Store} store
 * @param {import('./view.js').Clock} clock
 * @param {(view: import('./view.js').View) => void} draw  Draws the page's own parts.
 */
export function keepShowing(store, clock, draw) {
  const parts = partsOf(SHARED);
  const redraw = onFrame(() => {
    const view = viewOf(store, clock);
    document.body.dataset.state = view.state;
    document.body.toggleAttribute('data-missing', view.isMissing);
    carryVehicle(view);
    for (const part of parts) part.show?.(view);
    draw(view);
  });
  store.addEventListener('change', redraw);
  return redraw;
}

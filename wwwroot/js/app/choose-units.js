// @ts-check
import { keep } from './kept.js';
import { NAME, units } from './units.js';

/** @param {Partial<import('./units.js').Units>} changes */
export function chooseUnits(changes) {
  Object.assign(units, changes);
  keep(NAME, Object.entries(units).map(([name, choice]) => `${name}=${choice}`).join(' '));
}

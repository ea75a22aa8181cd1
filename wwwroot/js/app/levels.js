// @ts-check

/** @typedef {import('./alert.js').Alert} Alert */

/**
 * The worst open alert about a signal: what its value is coloured by. None without a rule that has fired.
 * @param {readonly Alert[]} alerts  Of the vehicle, the worst first.
 * @param {import('./signals.js').SignalKey} key
 */
export function alertOn(alerts, key) {
  return alerts.find(({ signal }) => signal === key) ?? null;
}

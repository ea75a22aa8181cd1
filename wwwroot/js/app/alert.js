// @ts-check
import { utc } from './message.js';

/**
 * @typedef {'info' | 'warning' | 'critical'} Severity
 *
 * @typedef {object} Alert  Times in milliseconds of the server's clock.
 * @property {string} id
 * @property {number | null} ruleId    Null: the server's own.
 * @property {string} rule              Name of the rule.
 * @property {Severity} severity
 * @property {number | null} vehicleId Null: about the server itself.
 * @property {'firing' | 'acked' | 'snoozed' | 'cleared'} state
 * @property {number} since             Start of the wait.
 * @property {number} firedAt
 * @property {number | null} clearedAt
 * @property {string} endedBy
 * @property {string | null} signal
 * @property {string} unit
 * @property {number | null} value      When it fired.
 * @property {number | null} peak
 * @property {number | null} threshold
 * @property {number | null} judgedAt   When it was last seen to be true.
 * @property {string} ackedBy
 * @property {string} note
 * @property {number | null} snoozedUntil
 */

const SEVERITIES = /** @type {const} */ (['info', 'warning', 'critical']);
const STATES = /** @type {const} */ (['firing', 'acked', 'snoozed', 'cleared']);

/**
 * An alert as the server writes it, or null for anything else.
 * @param {any} raw
 * @param {unknown} [state]  Given apart, as in a live message.
 * @returns {Alert | null}
 */
export function alertOf(raw, state = raw?.state) {
  const firedAt = utc(raw?.fired_at);
  if (typeof raw?.alert_id !== 'string' || Number.isNaN(firedAt)) return null;
  const time = (/** @type {unknown} */ text) => utc(text) || null;
  const number = (/** @type {unknown} */ value) => (Number.isFinite(value) ? /** @type {number} */ (value) : null);
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '');
  return {
    id: raw.alert_id,
    ruleId: number(raw.rule_id),
    rule: text(raw.rule),
    severity: SEVERITIES.find((one) => one === raw.severity) ?? 'warning',
    vehicleId: number(raw.vehicle_id),
    state: raw.cleared_at ? 'cleared' : STATES.find((one) => one === state) ?? 'firing',
    since: time(raw.since) ?? firedAt,
    firedAt,
    clearedAt: time(raw.cleared_at),
    endedBy: text(raw.ended_by),
    signal: raw.signal || null,
    unit: text(raw.unit),
    value: number(raw.value),
    peak: number(raw.peak),
    threshold: number(raw.threshold),
    judgedAt: time(raw.judged_at),
    ackedBy: text(raw.acked_by),
    note: text(raw.note),
    snoozedUntil: time(raw.snoozed_until),
  };
}

/**
 * The worst first, and of equals the newest.
 * @param {Alert} a
 * @param {Alert} b
 */
export function byWeight(a, b) {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.firedAt - a.firedAt;
}

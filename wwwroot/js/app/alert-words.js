// @ts-check
import { hourCycle } from './units.js';
import { isSameDay } from './calendar.js';
import { ruleKind } from './rule-kinds.js';
import { NOTHING, signalOf } from './signals.js';
import { decimal, learnBook, locale, word } from './words.js';

await learnBook('alerts');

/** @typedef {import('./alert.js').Alert} Alert */

const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle });
const DAY = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

/**
 * A value as rules and alerts write it, in the unit of the server. Never seen is a dash, never 0.
 * @param {import('./signals.js').SignalKey} key
 * @param {number | null | undefined} value
 */
export function format(key, value) {
  if (value === null || value === undefined) return NOTHING;
  const text = value.toFixed(Math.abs(value) < 1000 ? signalOf(key).decimals : 0);
  return decimal(Number(text) === 0 ? text.replace('-', '') : text);
}

/**
 * The time of today, the day as well of any other day.
 * @param {number} at
 */
export function whenText(at) {
  return isSameDay(at, Date.now()) ? TIME.format(at) : `${DAY.format(at)}, ${TIME.format(at)}`;
}

/**
 * A number that was chosen, as it was written.
 * @param {number} value
 */
export function plain(value) {
  return decimal(String(Number(value.toFixed(3))));
}

/**
 * @param {string} value
 * @param {string} unit
 */
export function amount(value, unit) {
  return unit === '' ? value : `${value} ${unit}`;
}

/**
 * What an alert is about, without its name: "above 105 °C since 10:04".
 * @param {Alert} alert
 */
export function reasonOf(alert) {
  const { signal, unit, value, peak, threshold, since, clearedAt, firedAt } = alert;
  const tense = clearedAt ? 'alert.was' : 'alert.is';
  const times = { since: whenText(since), until: whenText(clearedAt ?? firedAt) };
  const worst = peak ?? value;
  if (signal === null || worst === null) return word(tense, times);
  const kind = ruleKind(alert.ruleId) ?? (threshold === null ? 'value' : worst < threshold ? 'below' : 'above');
  const limit = threshold === null ? '' : amount(plain(threshold), unit);
  return word(`${tense}.${kind}`, { ...times, limit, value: amount(format(signal, worst), unit) });
}

/** @param {Alert} alert */
export function sentenceOf(alert) {
  return word('alert.sentence', { rule: alert.rule, reason: reasonOf(alert) });
}

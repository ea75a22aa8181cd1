// @ts-check
import { amount, plain } from '../app/alert-words.js';
import { signalOf } from '../app/signals.js';
import { locale, word } from '../app/words.js';
import { DAYS, channelsOf, isThreshold, kindOf } from './rule.js';

/**
 * @typedef {import('./rule.js').Rule} Rule
 * @typedef {import('./rule.js').Condition} Condition
 */

const AND = new Intl.ListFormat(locale, { type: 'conjunction' });
const WEEKDAY = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
const UNITS = /** @type {const} */ ([['d', 86_400], ['h', 3600], ['min', 60]]);

/** @param {typeof DAYS[number]} day */
export function dayName(day) {
  // The first of January 2024 was a Monday.
  return WEEKDAY.format(Date.UTC(2024, 0, 1 + DAYS.indexOf(day)));
}

/**
 * A time in its largest unit that leaves no fraction.
 * @param {number} seconds
 * @returns {{ count: number, unit: 's' | 'min' | 'h' | 'd' }}
 */
export function inUnits(seconds) {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ?? /** @type {const} */ (['s', 1]);
  return { count: seconds / size, unit };
}

/** @param {number} seconds */
export function lasting(seconds) {
  const { count, unit } = inUnits(seconds);
  return word(`age.${unit}`, { count: plain(count) });
}

/** @param {Condition} condition */
function conditionText(condition) {
  const kind = kindOf(condition);
  const signal = signalOf(condition.signal ?? '').label;
  const { unit } = signalOf(condition.signal ?? '');
  switch (kind) {
    case 'above': case 'below': return word(`rule.${kind}`, { signal, value: limit(condition[kind], unit) });
    case 'rises': case 'falls': return word(`rule.${kind}`, { signal, value: limit(condition[kind], unit), within: lasting(condition.within ?? 0) });
    case 'steady': return word('rule.steady', { signal });
    case 'state': return word(`rule.state.${condition.state ?? 'offline'}`);
    case 'engine': return word(`rule.engine.${condition.engine ?? 'on'}`);
    default: return timeText(condition);
  }
}

/** @param {Condition} condition */
function timeText({ time, days }) {
  const [from, to] = (time ?? '').split('-');
  const text = word('rule.time', { from, to });
  return days ? word('rule.time.days', { time: text, days: AND.format(DAYS.filter((day) => days.includes(day)).map(dayName)) }) : text;
}

/**
 * @param {number | undefined} value
 * @param {string} unit
 */
function limit(value, unit) {
  return amount(plain(value ?? NaN), unit);
}

/**
 * A rule as one sentence.
 * @param {Rule} rule
 */
export function ruleText(rule) {
  const when = AND.format(rule.when.map(conditionText));
  const clear = rule.when.flatMap((condition) => (isThreshold(condition) && condition.clear !== undefined
    ? word(condition.above !== undefined ? 'rule.until.below' : 'rule.until.above', { value: limit(condition.clear, signalOf(condition.signal ?? '').unit) }) : []));
  const parts = [
    rule.for > 0 ? word('rule.for', { when, time: lasting(rule.for) }) : when,
    ...clear,
    ...(rule.while.length > 0 ? [word('rule.while', { conditions: AND.format(rule.while.map(conditionText)) })] : []),
  ];
  const text = parts.join(', ');
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/**
 * The name of a rule that was given none.
 * @param {Rule} rule
 */
export function usualName(rule) {
  const text = rule.when.map(conditionText).join(', ');
  return (text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)).slice(0, 100);
}

/**
 * Whom a rule is for.
 * @param {Rule} rule
 * @param {(id: number) => string} nameOf
 */
export function vehiclesText({ vehicles }, nameOf) {
  if (!vehicles) return word('rule.all');
  return vehicles.length > 3 ? word('rule.vehicles', { count: vehicles.length }) : AND.format(vehicles.map(nameOf));
}

/**
 * The channels that its alerts are sent to, and when.
 * @param {import('./rule.js').SavedRule} saved
 */
export function notifiedText({ rule, unknownChannels }) {
  const steps = rule.notify.flatMap((step) => {
    const channels = channelsOf(step).filter((name) => !unknownChannels.includes(name));
    if (channels.length === 0) return [];
    const after = Number(step.after);
    return after > 0 ? word('rule.notifies.after', { channels: AND.format(channels), time: lasting(after) }) : AND.format(channels);
  });
  return steps.length === 0 ? word('rule.notifies.none') : word('rule.notifies', { channels: steps.join(', ') });
}

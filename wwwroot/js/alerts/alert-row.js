// @ts-check
import { age, length } from '../app/age.js';
import { amount, format, reasonOf, whenText } from '../app/alert-words.js';
import { signalOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { button } from './fields.js';

/**
 * @typedef {import('../app/alert.js').Alert} Alert
 * @typedef {(alert: Alert, action: 'ack' | 'unack' | 'snooze', detail: { note?: string, until?: number }) => Promise<string>} Act  Answers what is wrong; empty: nothing.
 */

const HOUR = 3_600_000;
const MORNING = 8;

/**
 * One alert: how bad, what, whose, since when; and what can be done about it.
 * @param {Act} act
 */
export function alertRow(act) {
  const element = make('li', 'alert card');
  const badge = make('span', 'severity');
  const title = make('h2', 'alert-title');
  const vehicle = /** @type {HTMLAnchorElement} */ (make('a', 'alert-vehicle'));
  const reason = make('p', 'alert-text');
  const facts = make('p', 'alert-facts');
  const moment = /** @type {HTMLAnchorElement} */ (make('a', 'alert-moment', word('alert.moment')));
  const problem = make('p', 'alert-problem');
  const actions = make('div', 'alert-actions');
  const form = document.createElement('form');
  const note = document.createElement('input');
  /** @type {Alert | null} */
  let shown = null;
  const run = async (/** @type {Parameters<Act>[1]} */ action, /** @type {Parameters<Act>[2]} */ detail = {}) => {
    setText(problem, shown ? await act(shown, action, detail) : '');
  };
  const ack = button(word('alert.ack'), 'button', () => run('ack'));
  const unack = button(word('alert.unack'), 'button', () => run('unack'));
  const hour = button(word('alert.snooze.hour'), 'button', () => run('snooze', { until: Date.now() + HOUR }));
  const morning = button(word('alert.snooze.morning'), 'button', () => run('snooze', { until: nextMorning() }));
  const write = button(word('alert.note'), 'button', () => {
    form.hidden = !form.hidden;
    note.value = shown?.note ?? '';
    if (!form.hidden) note.focus();
  });
  form.className = 'alert-note-form';
  form.hidden = true;
  Object.assign(note, { className: 'field', maxLength: 500, autocomplete: 'off' });
  note.setAttribute('aria-label', word('alert.note.label'));
  form.append(note, make('button', 'button', word('alert.note.save')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await run('ack', { note: note.value });
    form.hidden = true;
    write.focus();
  });
  problem.setAttribute('role', 'alert');
  actions.append(ack, unack, hour, morning, write);
  const head = make('div', 'alert-head');
  head.append(badge, vehicle);
  element.append(head, title, reason, facts, moment, actions, form, problem);
  return {
    element,
    /**
     * @param {Alert} alert
     * @param {string} name  Of the vehicle.
     * @param {number} now
     */
    show(alert, name, now) {
      const isOpen = alert.state !== 'cleared';
      shown = alert;
      element.dataset.alert = alert.id;
      element.dataset.severity = alert.severity;
      element.dataset.state = alert.state;
      badge.dataset.severity = alert.severity;
      setText(badge, word(`severity.${alert.severity}`));
      setText(title, alert.rule);
      setText(vehicle, name);
      href(vehicle, alert.vehicleId === null ? './' : `./?vehicle_id=${alert.vehicleId}`);
      setText(reason, alert.signal ? word('alert.about', { signal: signalOf(alert.signal).label, reason: reasonOf(alert) }) : reasonOf(alert));
      setText(facts, factsOf(alert, now).join(' · '));
      moment.hidden = alert.vehicleId === null;
      href(moment, `drives.html?vehicle_id=${alert.vehicleId}#t=${new Date(alert.firedAt).toISOString()}`);
      moment.setAttribute('aria-label', word('alert.moment.of', { rule: alert.rule, vehicle: name }));
      actions.hidden = !isOpen;
      ack.hidden = alert.state === 'acked';
      unack.hidden = alert.state !== 'acked';
      hour.hidden = morning.hidden = alert.state === 'snoozed' || alert.state === 'acked';
      for (const one of [ack, unack, hour, morning, write]) one.setAttribute('aria-label', word('alert.action', { action: one.textContent ?? '', rule: alert.rule, vehicle: name }));
    },
    /** @param {boolean} isMarked  It is the one that the address names. */
    mark(isMarked) {
      if (isMarked === element.hasAttribute('aria-current')) return;
      if (!isMarked) {
        element.removeAttribute('aria-current');
        element.removeAttribute('tabindex');
        return;
      }
      element.setAttribute('aria-current', 'true');
      element.tabIndex = -1;
    },
  };
}

/**
 * @param {Alert} alert
 * @param {number} now
 * @returns {string[]}
 */
function factsOf(alert, now) {
  const { state, value, peak, unit, signal, firedAt, clearedAt, judgedAt, ackedBy, note, snoozedUntil, endedBy } = alert;
  const extreme = peak ?? value;
  return [
    state === 'cleared' && clearedAt ? word('alert.lasted', { time: length(Math.max(1000, clearedAt - firedAt)) }) : age(Math.max(0, now - firedAt)),
    ...(signal && extreme !== null ? [word('alert.peak', { value: amount(format(signal, extreme), unit) })] : []),
    // Of a vehicle that has been silent since, it is not known whether it still is so.
    ...(state !== 'cleared' && judgedAt && now - judgedAt > 60_000 ? [word('alert.seen', { time: whenText(judgedAt) })] : []),
    ...(state === 'snoozed' && snoozedUntil ? [word('alert.snoozed', { time: whenText(snoozedUntil) })] : []),
    ...(state === 'acked' ? [ackedBy ? word('alert.acked.by', { who: ackedBy }) : word('alert.acked')] : []),
    ...(note ? [word('alert.noted', { note })] : []),
    ...(state === 'cleared' && (endedBy === 'rule' || endedBy === 'vehicle') ? [word(`alert.ended.${endedBy}`)] : []),
  ];
}

/**
 * @param {HTMLAnchorElement} link
 * @param {string} to
 */
function href(link, to) {
  if (link.getAttribute('href') !== to) link.setAttribute('href', to);
}

function nextMorning() {
  const at = new Date();
  if (at.getHours() >= MORNING) at.setDate(at.getDate() + 1);
  return at.setHours(MORNING, 0, 0, 0);
}

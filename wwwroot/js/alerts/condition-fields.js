// @ts-check
import { signalOf } from '../app/signals.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { checkField, numberField, selectField, setNumber, textField, timeField } from './fields.js';
import { isForecast } from './forecast-signals.js';
import { dayName } from './rule-words.js';
import { DAYS, isThreshold, kindOf, thresholdOf } from './rule.js';

/**
 * @typedef {import('./rule.js').Condition} Condition
 * @typedef {{ condition: Condition, field: string, signals: readonly string[] }} Shown  `field`: its place in the rule, such as when[0].
 * @typedef {HTMLElement & { open(shown: Shown): void, condition: Condition, setThreshold(value: number): void }} ConditionFields
 */

const [VEHICLE, ENGINE, TIME] = ['@vehicle', '@engine', '@time'];
const SIGNAL_KINDS = /** @type {const} */ (['above', 'below', 'rises', 'falls', 'steady']);
const NIGHT = '22:00-06:00';

/** One condition as a part of the sentence: what, how, and how much. Fires `edit` when it is another. */
customElements.define('condition-fields', class extends HTMLElement {
  /** @type {Condition} */
  condition = {};
  #field = '';
  /** @type {readonly string[]} */
  #signals = [];
  /** @type {HTMLInputElement | null} */
  #threshold = null;
  /** @type {HTMLInputElement | null} */
  #end = null;

  /** @param {Shown} shown */
  open({ condition, field, signals }) {
    this.condition = condition;
    this.#field = field;
    this.#signals = [...new Set([...signals, ...(condition.signal ? [condition.signal] : [])])];
    this.#build();
  }

  /**
   * Another threshold. The value at which an alert ends keeps its distance.
   * @param {number} value
   */
  setThreshold(value) {
    const { clear } = this.condition;
    const moved = clear === undefined ? undefined : Number((clear + value - thresholdOf(this.condition)).toPrecision(12));
    this.condition = { ...this.condition, [kindOf(this.condition)]: value, ...(moved === undefined || Number.isNaN(moved) ? {} : { clear: moved }) };
    if (this.#threshold) setNumber(this.#threshold, value);
    if (this.#end && this.condition.clear !== undefined) setNumber(this.#end, this.condition.clear);
    this.#fire();
  }

  #build() {
    const kind = kindOf(this.condition);
    const subject = selectField(this.#named('signal', word('edit.subject')), this.#subjects(), subjectOf(this.condition), (value) => this.#turnTo(startOf(value)));
    const verb = selectField(this.#named('', word('edit.verb')), verbsOf(this.condition), verbOf(this.condition), (value) => this.#turnTo(withVerb(this.condition, value)));
    this.#threshold = this.#end = null;
    this.replaceChildren(subject, ' ', verb, ' ', ...this.#rest(kind));
  }

  /**
   * After another choice, the focus stays on what was chosen.
   * @param {Condition} condition
   */
  #turnTo(condition) {
    const index = [...this.querySelectorAll('select')].indexOf(/** @type {HTMLSelectElement} */ (document.activeElement));
    this.condition = condition;
    this.#build();
    if (index >= 0) this.querySelectorAll('select')[index]?.focus();
    this.#fire();
  }

  #subjects() {
    const about = word('edit.about');
    return [
      ...this.#signals.map((value) => ({ value, label: signalOf(value).label, group: word('edit.signals') })),
      { value: VEHICLE, label: word('edit.vehicle'), group: about }, { value: ENGINE, label: word('edit.engine'), group: about }, { value: TIME, label: word('edit.time'), group: about },
    ];
  }

  /**
   * @param {import('./rule.js').Kind} kind
   * @returns {(string | Node)[]}
   */
  #rest(kind) {
    const unit = make('span', 'inline-unit', signalOf(this.condition.signal ?? '').unit);
    if (kind === 'above' || kind === 'below') return [...this.#amount(kind), unit, ...this.#clear(kind)];
    if (kind === 'rises' || kind === 'falls') return [...this.#amount(kind), unit, ` ${word('edit.within')} `, timeField(this.#named('within', word('edit.within.label')), this.condition.within ?? 60, (within) => this.#put({ within }))];
    return kind === 'time' ? this.#times() : [];
  }

  /** @param {'above' | 'below' | 'rises' | 'falls'} kind */
  #amount(kind) {
    const label = word(kind === 'above' || kind === 'below' ? 'edit.threshold' : 'edit.amount');
    const input = numberField(this.#named(kind, label), this.condition[kind], (value) => this.#put({ [kind]: value ?? NaN }));
    input.required = true;
    this.#threshold = input;
    return [input, ' '];
  }

  /** @param {'above' | 'below'} kind */
  #clear(kind) {
    if (this.#field.startsWith('while')) return [];
    const text = word(kind === 'above' ? 'edit.clear.below' : 'edit.clear.above');
    const input = numberField(this.#named('clear', word('edit.clear')), this.condition.clear, (clear) => this.#put({ clear }));
    input.placeholder = '—';
    this.#end = input;
    const part = make('span', 'clear-part');
    part.append(text, ' ', input, ' ', make('span', 'inline-unit', signalOf(this.condition.signal ?? '').unit));
    return [part];
  }

  /** @returns {(string | Node)[]} */
  #times() {
    const [from, to] = (this.condition.time ?? NIGHT).split('-');
    const start = textField(this.#named('time', word('edit.from')), 'time', from, (value) => this.#put({ time: `${value}-${end.value}` }));
    const end = textField(this.#named('', word('edit.to')), 'time', to, (value) => this.#put({ time: `${start.value}-${value}` }));
    const days = make('fieldset', 'days-field');
    days.append(make('legend', 'visually-hidden', word('edit.days')), ...DAYS.map((day) => checkField(dayName(day), this.condition.days?.includes(day) ?? true, (isChecked) => {
      const chosen = DAYS.filter((one) => (one === day ? isChecked : this.condition.days?.includes(one) ?? true));
      this.#put({ days: chosen.length === DAYS.length ? undefined : chosen });
    })));
    const zone = textField(this.#named('zone', word('edit.zone')), 'text', this.condition.zone ?? 'UTC', (value) => this.#put({ zone: value || undefined }));
    zone.setAttribute('list', 'time-zones');
    return [start, ` ${word('edit.and')} `, end, ' ', days, ' ', zone];
  }

  /** @param {Partial<Condition>} changes */
  #put(changes) {
    this.condition = { ...this.condition, ...changes };
    this.#fire();
  }

  /**
   * @param {string} part
   * @param {string} label
   */
  #named(part, label) {
    return { label, field: part === '' ? '' : `${this.#field}.${part}` };
  }

  #fire() {
    this.dispatchEvent(new Event('edit', { bubbles: true }));
  }
});

/** @param {Condition} condition */
function subjectOf(condition) {
  const kind = kindOf(condition);
  return { state: VEHICLE, engine: ENGINE, time: TIME }[/** @type {'state'} */ (kind)] ?? condition.signal ?? '';
}

/** @param {string} subject @returns {Condition} */
function startOf(subject) {
  if (subject === VEHICLE) return { state: 'offline' };
  if (subject === ENGINE) return { engine: 'on' };
  if (subject === TIME) return { time: NIGHT, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  return { signal: subject, above: NaN };
}

/** @param {Condition} condition */
function verbsOf(condition) {
  const kind = kindOf(condition);
  if (kind === 'state') return [{ value: 'offline', label: word('edit.state.offline') }, { value: 'running', label: word('edit.state.running') }];
  if (kind === 'engine') return [{ value: 'on', label: word('edit.engine.on') }, { value: 'off', label: word('edit.engine.off') }];
  if (kind === 'time') return [{ value: 'between', label: word('edit.between') }];
  return SIGNAL_KINDS.filter((value) => value === 'above' || value === 'below' || !isForecast(condition.signal)).map((value) => ({ value, label: word(`edit.${value}`) }));
}

/** @param {Condition} condition @returns {string} */
function verbOf(condition) {
  const kind = kindOf(condition);
  return kind === 'state' || kind === 'engine' ? condition[kind] ?? '' : kind === 'time' ? 'between' : kind;
}

/**
 * @param {Condition} condition
 * @param {string} verb
 * @returns {Condition}
 */
function withVerb(condition, verb) {
  const kind = kindOf(condition);
  if (kind === 'time') return condition;
  if (kind === 'state' || kind === 'engine') return { [kind]: verb };
  const { signal } = condition;
  const value = isThreshold(condition) ? condition.above ?? condition.below : NaN;
  if (verb === 'steady') return { signal, steady: true };
  if (verb === 'above' || verb === 'below') return { signal, [verb]: value };
  return { signal, [verb]: condition.rises ?? condition.falls ?? NaN, within: condition.within ?? 60 };
}

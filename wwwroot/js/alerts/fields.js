// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { inUnits } from './rule-words.js';

/**
 * Fields that stand within a sentence, as wide as what they hold.
 * @typedef {{ label: string, field: string }} Named  `field`: as the server names it.
 */

const SIZES = /** @type {const} */ ({ s: 1, min: 60, h: 3600, d: 86_400 });

/**
 * @param {HTMLInputElement | HTMLSelectElement} element
 * @param {Named} named
 */
function name(element, { label, field }) {
  element.classList.add('inline-field');
  element.dataset.field = field;
  element.setAttribute('aria-label', label);
  return element;
}

/**
 * @param {Named} named
 * @param {readonly { value: string, label: string, group?: string }[]} options
 * @param {string} value
 * @param {(value: string) => void} changed
 */
export function selectField(named, options, value, changed) {
  const select = document.createElement('select');
  for (const [group, some] of Map.groupBy(options, (option) => option.group ?? '')) {
    const place = group === '' ? select : select.appendChild(Object.assign(document.createElement('optgroup'), { label: group }));
    place.append(...some.map((option) => new Option(option.label, option.value)));
  }
  select.value = value;
  select.addEventListener('change', () => changed(select.value));
  return name(select, named);
}

/**
 * @param {Named} named
 * @param {number | undefined} value  Undefined: empty.
 * @param {(value: number | undefined) => void} changed
 */
export function numberField(named, value, changed) {
  const input = document.createElement('input');
  input.type = 'number';
  input.step = 'any';
  input.inputMode = 'decimal';
  input.value = value === undefined || Number.isNaN(value) ? '' : String(value);
  fit(input);
  input.addEventListener('input', () => {
    fit(input);
    changed(input.value === '' ? undefined : input.valueAsNumber);
  });
  return /** @type {HTMLInputElement} */ (name(input, named));
}

/**
 * Writes a number that was chosen elsewhere.
 * @param {HTMLInputElement} input
 * @param {number} value
 */
export function setNumber(input, value) {
  input.value = String(value);
  fit(input);
}

/** @param {HTMLInputElement} input */
function fit(input) {
  input.style.inlineSize = `${Math.max(3, input.value.length) + 2}ch`;
}

/**
 * A time as a count and its unit.
 * @param {Named} named
 * @param {number} seconds
 * @param {(seconds: number) => void} changed
 */
export function timeField(named, seconds, changed) {
  const element = make('span', 'time-field');
  let { count, unit } = inUnits(seconds);
  const change = () => changed(count * SIZES[unit]);
  const input = numberField(named, count, (value) => {
    count = value ?? NaN;
    change();
  });
  input.min = '0';
  const units = Object.keys(SIZES).map((value) => ({ value, label: word(`edit.unit.${/** @type {'s'} */ (value)}`) }));
  element.append(input, selectField({ label: word('edit.unit', { label: named.label }), field: '' }, units, unit, (value) => {
    unit = /** @type {typeof unit} */ (value);
    change();
  }));
  return element;
}

/**
 * @param {Named} named
 * @param {'text' | 'time'} type
 * @param {string} value
 * @param {(value: string) => void} changed
 */
export function textField(named, type, value, changed) {
  const input = document.createElement('input');
  input.type = type;
  input.value = value;
  input.autocomplete = 'off';
  input.addEventListener('input', () => changed(input.value));
  return /** @type {HTMLInputElement} */ (name(input, named));
}

/**
 * @param {string} label
 * @param {boolean} isChecked
 * @param {(isChecked: boolean) => void} changed
 * @param {string} [value]
 */
export function checkField(label, isChecked, changed, value = 'on') {
  const frame = make('label', 'check');
  const input = document.createElement('input');
  input.type = 'checkbox';
  input.value = value;
  input.checked = isChecked;
  input.addEventListener('change', () => changed(input.checked));
  frame.append(input, make('span', '', label));
  return frame;
}

/**
 * @param {string} text
 * @param {string} className
 * @param {() => void} act
 */
export function button(text, className, act) {
  const element = /** @type {HTMLButtonElement} */ (make('button', className, text));
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

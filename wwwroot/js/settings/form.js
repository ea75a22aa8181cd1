// @ts-check
import { make, setText } from '../app/text.js';

/**
 * A field with its name above it, and what is wrong with it below.
 * @param {string} label
 * @param {any} field
 * @param {string} [unit]
 */
export function labelled(label, field, unit = '') {
  const frame = make('label', 'setting');
  const problem = make('span', 'setting-problem');
  const box = make('span', 'setting-box');
  field.classList.add(field.matches('[type=checkbox], [type=color]') ? 'setting-small' : 'field');
  box.append(field, ...(unit ? [make('span', 'unit', unit)] : []));
  frame.append(make('span', 'setting-label', label), box, problem);
  return {
    frame,
    field,
    /** @param {string} text  Empty: nothing is wrong. */
    showProblem(text) {
      setText(problem, text);
      if (text) field.setAttribute('aria-invalid', 'true');
      else field.removeAttribute('aria-invalid');
    },
  };
}

/**
 * @param {string} type
 * @param {Record<string, string>} [attributes]
 */
export function input(type, attributes = {}) {
  const element = document.createElement('input');
  element.type = type;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** @param {readonly { value: string, label: string }[]} choices */
export function select(choices) {
  const element = document.createElement('select');
  element.append(...choices.map(({ value, label }) => new Option(label, value)));
  return element;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {string} [className]
 */
export function button(text, act, className = 'button') {
  const element = /** @type {HTMLButtonElement} */ (make('button', className, text));
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

// @ts-check
import { make } from '../app/text.js';
import { language, word } from '../app/words.js';

const KNOWN = /** @type {const} */ (['name', 'above', 'below', 'clear', 'rises', 'falls', 'within', 'signal', 'time', 'days', 'zone', 'vehicles', 'for', 'clear_for', 'cooldown', 'message', 'when', 'while']);

/**
 * Shows each error of the server at its field.
 * @param {HTMLElement} form
 * @param {Readonly<Record<string, string>>} errors  By the field, as the server names it.
 * @returns {{ rest: string, first: HTMLElement | null }}  What there is no field for, and the first field with an error.
 */
export function showErrors(form, errors) {
  clearErrors(form);
  const rest = [];
  /** @type {HTMLElement | null} */
  let first = null;
  for (const [field, detail] of Object.entries(errors)) {
    const input = fieldOf(form, field);
    const text = textOf(field, detail);
    if (!input) {
      rest.push(text);
      continue;
    }
    const id = `error-${field.replaceAll(/[^a-z0-9]+/gi, '-')}`;
    const error = make('p', 'field-error', text);
    error.id = id;
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', id);
    (input.closest('.clause, .setting') ?? input).after(error);
    first ??= input;
  }
  return { rest: rest.join(' '), first };
}

/** @param {HTMLElement} form */
export function clearErrors(form) {
  for (const error of form.querySelectorAll('p.field-error')) error.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
}

/**
 * The field itself, or the one that it is a part of.
 * @param {HTMLElement} form
 * @param {string} field
 * @returns {HTMLElement | null}
 */
function fieldOf(form, field) {
  const exact = /** @type {HTMLElement | null} */ (form.querySelector(`[data-field="${CSS.escape(field)}"]`));
  if (exact) return exact;
  const whole = field.replace(/(\.[^.[]+|\[\d+\])$/, '');
  const part = /** @type {HTMLElement | null} */ (form.querySelector(`[data-field^="${CSS.escape(field)}"]`));
  return part ?? (whole === field ? null : fieldOf(form, whole));
}

/**
 * The server explains itself in English.
 * @param {string} field
 * @param {string} detail
 */
function textOf(field, detail) {
  const last = KNOWN.find((name) => name === field.replace(/\[\d+\]$/, '').split('.').at(-1));
  return language === 'en' && detail !== '' ? detail : word(last ? `field.${last}` : 'field.other');
}

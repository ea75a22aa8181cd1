// @ts-check
import { make } from '../app/text.js';

/**
 * @param {string} text
 * @param {() => void} act
 */
export function button(text, act) {
  const element = /** @type {HTMLButtonElement} */ (make('button', 'button', text));
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

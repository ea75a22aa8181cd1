// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';

const SHOWN = 2000;

/**
 * Puts a text on the clipboard.
 * @param {string} name  Of the text.
 * @param {string} text
 */
export function copyButton(name, text) {
  const button = /** @type {HTMLButtonElement} */ (make('button', 'copy', word('copy')));
  button.type = 'button';
  button.setAttribute('aria-label', `${word('copy')}: ${name}`);
  button.addEventListener('click', async () => {
    button.textContent = word(await copied(text) ? 'copy.done' : 'copy');
    setTimeout(() => { button.textContent = word('copy'); }, SHOWN);
  });
  return button;
}

/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS browsers have the old way only.
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    return isDone;
  }
}

// @ts-check
import { signalOf } from '../app/signals.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/**
 * The button that takes an added chart away. Fires `remove` with its signal.
 * @param {import('../app/signals.js').SignalKey} key
 */
export function removeButton(key) {
  const button = /** @type {HTMLButtonElement} */ (make('button', 'icon-button chart-remove', '×'));
  button.type = 'button';
  button.title = word('chart.remove', { label: signalOf(key).label });
  button.setAttribute('aria-label', button.title);
  button.addEventListener('click', () => button.dispatchEvent(new CustomEvent('remove', { bubbles: true, detail: key })));
  return button;
}

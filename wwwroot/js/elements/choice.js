// @ts-check
import { make } from '../app/text.js';

/**
 * A row of which one is chosen. As radio buttons it has the arrow keys, and screen readers count it.
 * @param {string} name
 * @param {string} legend
 * @param {readonly { id: string, label: string }[]} choices
 * @param {(id: string) => void} choose
 */
export function choice(name, legend, choices, choose) {
  const element = make('fieldset', 'choice');
  element.setAttribute('role', 'radiogroup');
  element.append(make('legend', 'visually-hidden', legend));
  const buttons = choices.map(({ id, label }) => {
    const button = document.createElement('input');
    const frame = make('label', 'choice-one');
    button.type = 'radio';
    button.name = name;
    button.value = id;
    button.className = 'visually-hidden';
    button.addEventListener('change', () => choose(id));
    frame.append(button, make('span', 'choice-label', label));
    element.append(frame);
    return button;
  });
  return {
    element,
    /** @param {string} id */
    show(id) {
      for (const button of buttons) button.checked = button.value === id;
    },
  };
}

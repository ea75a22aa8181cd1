// @ts-check
import { LANGUAGES, chooseLanguage } from '../app/languages.js';
import { chooseUnits } from '../app/choose-units.js';
import { CHOICES, units } from '../app/units.js';
import { make } from '../app/text.js';
import { language, word } from '../app/words.js';
import { choice } from '../elements/choice.js';

/** The language, and how quantities are shown in this browser. */
customElements.define('unit-settings', class extends HTMLElement {
  connectedCallback() {
    const languages = row('language', word('language'), Object.entries(LANGUAGES).map(([id, label]) => ({ id, label })), language, chooseLanguage);
    this.replaceChildren(languages, ...Object.entries(CHOICES).map(([key, choices]) => {
      const name = /** @type {keyof typeof CHOICES} */ (key);
      return row(name, word(`units.${name}`), choices.map((id) => ({ id, label: word(`units.${id}`) })), units[name], (id) => chooseUnits({ [name]: id }));
    }));
  }
});

/**
 * @param {string} name
 * @param {string} label
 * @param {readonly { id: string, label: string }[]} choices
 * @param {string} chosen
 * @param {(id: string) => void} choose
 */
function row(name, label, choices, chosen, choose) {
  const element = make('div', 'unit-row');
  const buttons = choice(name, label, choices, choose);
  buttons.show(chosen);
  element.append(make('span', 'setting-label', label), buttons.element);
  return element;
}

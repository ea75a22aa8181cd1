// @ts-check
import { CHOICES, chooseUnits, units } from '../app/units.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { choice } from '../elements/choice.js';

/** How quantities are shown in this browser. */
customElements.define('unit-settings', class extends HTMLElement {
  connectedCallback() {
    this.replaceChildren(...Object.entries(CHOICES).map(([key, choices]) => {
      const name = /** @type {keyof typeof CHOICES} */ (key);
      const row = make('div', 'unit-row');
      const label = word(`units.${name}`);
      const buttons = choice(name, label, choices.map((id) => ({ id, label: word(`units.${id}`) })), (id) => chooseUnits({ [name]: id }));
      buttons.show(units[name]);
      row.append(make('span', 'setting-label', label), buttons.element);
      return row;
    }));
  }
});

// @ts-check
import { lateStyle } from '../app/late-style.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { CHOOSABLE, keepColumns, shownColumns } from './fleet-columns.js';

await lateStyle('fleet-menu');

/** The columns to choose. It comes after the first rows. Fires `columns` when others are shown. */
customElements.define('fleet-menu', class extends HTMLElement {
  connectedCallback() {
    const shown = shownColumns();
    const menu = document.createElement('details');
    const list = make('fieldset', 'fleet-choices');
    list.append(make('legend', 'visually-hidden', word('fleet.columns')));
    for (const column of CHOOSABLE) {
      const box = document.createElement('input');
      const label = make('label', 'fleet-choice');
      box.type = 'checkbox';
      box.value = column.id;
      box.checked = shown.includes(column);
      label.append(box, ' ', column.label);
      list.append(label);
    }
    list.addEventListener('change', () => {
      keepColumns(['state', ...[...list.querySelectorAll('input')].filter(({ checked }) => checked).map(({ value }) => value)]);
      this.dispatchEvent(new Event('columns', { bubbles: true }));
    });
    menu.append(make('summary', 'button', word('fleet.columns')), list);
    menu.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || !menu.open) return;
      menu.open = false;
      menu.querySelector('summary')?.focus();
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
    });
    this.replaceChildren(menu);
  }
});

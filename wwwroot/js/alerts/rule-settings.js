// @ts-check
import { choice } from '../elements/choice.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { checkField, textField, timeField } from './fields.js';
import { notifyField } from './notify-field.js';
import { SEVERITIES } from './rule.js';

/**
 * @typedef {import('./rule.js').Rule} Rule
 * @typedef {Pick<Rule, 'name' | 'severity' | 'vehicles' | 'once_per_drive' | 'cooldown' | 'notify' | 'message'>} Settings
 * @typedef {{ id: number, name: string }} Choice
 * @typedef {HTMLElement & { open(rule: Rule, vehicles: readonly Choice[], mayChange: boolean): void, suggest(name: string): void, readonly settings: Settings }} RuleSettings
 */

/** Name of a rule, its severity, vehicles, channels, and how often it notifies. Fires `edit`. */
customElements.define('rule-settings', class extends HTMLElement {
  /** @type {Settings} */
  settings = { name: '', severity: 'warning', vehicles: null, once_per_drive: false, cooldown: 0, notify: [], message: null };
  #name = document.createElement('input');

  /**
   * @param {Rule} rule
   * @param {readonly Choice[]} choices
   * @param {boolean} mayChange
   */
  open({ name, severity, vehicles, once_per_drive, cooldown, notify, message }, choices, mayChange) {
    this.settings = { name, severity, vehicles, once_per_drive, cooldown, notify, message };
    this.#name = textField({ label: word('edit.name'), field: 'name' }, 'text', name, (value) => this.#put({ name: value }));
    this.#name.className = 'field';
    this.#name.maxLength = 100;
    const weight = choice('severity', word('edit.severity'), SEVERITIES.map((id) => ({ id, label: word(`severity.${id}`) })), (id) => this.#put({ severity: /** @type {Settings['severity']} */ (id) }));
    weight.show(severity);
    weight.element.classList.add('severity-choice');
    this.replaceChildren(
      setting(word('edit.name'), this.#name),
      setting(word('edit.severity'), weight.element),
      setting(word('edit.vehicles'), this.#vehicles(choices)),
      setting(word('edit.notify'), notifyField(notify, mayChange, (steps) => this.#put({ notify: steps }))),
      this.#more(),
    );
  }

  /** @param {string} name */
  suggest(name) {
    this.#name.placeholder = name;
  }

  /** @param {readonly Choice[]} choices */
  #vehicles(choices) {
    const frame = make('fieldset', 'vehicles-field');
    const known = [...choices, ...(this.settings.vehicles ?? []).filter((id) => choices.every((one) => one.id !== id)).map((id) => ({ id, name: word('vehicle.number', { id }) }))];
    const some = make('div', 'vehicles-some');
    const all = checkField(word('rule.all.choice'), this.settings.vehicles === null, (isChecked) => {
      some.hidden = isChecked;
      this.#put({ vehicles: isChecked ? null : known.map(({ id }) => id).slice(0, 1) });
      fill();
    });
    const fill = () => some.replaceChildren(...known.map(({ id, name }) => checkField(name, this.settings.vehicles?.includes(id) === true, (isChecked) => {
      const chosen = known.map((one) => one.id).filter((one) => (one === id ? isChecked : this.settings.vehicles?.includes(one)));
      this.#put({ vehicles: chosen });
    }, String(id))));
    fill();
    some.hidden = this.settings.vehicles === null;
    frame.dataset.field = 'vehicles';
    frame.tabIndex = -1;
    frame.append(make('legend', 'visually-hidden', word('edit.vehicles')), all, some);
    return frame;
  }

  #more() {
    const details = document.createElement('details');
    const { once_per_drive, cooldown, message } = this.settings;
    details.className = 'more-settings';
    details.open = once_per_drive || cooldown > 0 || message !== null;
    const summary = make('summary', '', word('edit.more'));
    const wait = make('p', 'clause');
    wait.append(word('edit.cooldown'), ' ', timeField({ label: word('edit.cooldown.label'), field: 'cooldown' }, cooldown, (seconds) => this.#put({ cooldown: seconds })));
    const text = document.createElement('textarea');
    Object.assign(text, { className: 'field', rows: 2, value: message ?? '', maxLength: 500, placeholder: word('edit.message.usual') });
    text.dataset.field = 'message';
    text.addEventListener('input', () => this.#put({ message: text.value === '' ? null : text.value }));
    details.append(summary, checkField(word('edit.once'), once_per_drive, (isChecked) => this.#put({ once_per_drive: isChecked })), wait,
      setting(word('edit.message'), text), make('p', 'sentence-note', word('edit.message.note', { places: '{vehicle} {rule} {value} {unit} {threshold} {peak} {since} {duration}' })));
    return details;
  }

  /** @param {Partial<Settings>} changes */
  #put(changes) {
    this.settings = { ...this.settings, ...changes };
    this.dispatchEvent(new Event('edit'));
  }
});

/**
 * @param {string} title
 * @param {HTMLElement} field
 */
function setting(title, field) {
  const isGroup = field.localName === 'fieldset';
  const frame = make(isGroup ? 'div' : 'label', 'setting');
  frame.append(make('span', 'setting-name', title), field);
  return frame;
}

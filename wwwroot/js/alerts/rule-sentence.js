// @ts-check
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import './condition-fields.js';
import { button, timeField } from './fields.js';

/**
 * @typedef {import('./rule.js').Rule} Rule
 * @typedef {import('./condition-fields.js').ConditionFields} ConditionFields
 * @typedef {HTMLElement & { open(rule: Rule, signals: readonly string[]): void, readonly parts: Pick<Rule, 'when' | 'while' | 'for' | 'clear_for'>, setThreshold(index: number, value: number): void }} RuleSentence
 */

const MAX_CONDITIONS = 10;

/** What a rule says, as a sentence that is a form. Fires `edit`. */
customElements.define('rule-sentence', class extends HTMLElement {
  /** @type {Pick<Rule, 'when' | 'while' | 'for' | 'clear_for'>} */
  parts = { when: [], while: [], for: 0, clear_for: 0 };
  /** @type {readonly string[]} */
  #signals = [];

  constructor() {
    super();
    this.addEventListener('edit', (event) => {
      if (event.target !== this) this.#read();
    });
  }

  /**
   * @param {Rule} rule
   * @param {readonly string[]} signals
   */
  open(rule, signals) {
    this.parts = { when: [...rule.when], while: [...rule.while], for: rule.for, clear_for: rule.clear_for };
    this.#signals = signals;
    this.#build();
  }

  /**
   * @param {number} index
   * @param {number} value
   */
  setThreshold(index, value) {
    const fields = /** @type {ConditionFields} */ (this.querySelectorAll('[data-list="when"]')[index]);
    fields.setThreshold(value);
  }

  #build() {
    this.replaceChildren(
      ...this.parts.when.map((condition, i) => this.#clause('when', i, condition, word(i === 0 ? 'edit.when' : 'edit.and-when'))),
      this.#more('when', word('edit.add.when')),
      this.#time('for', 'edit.for', word('edit.for.after')),
      ...this.parts.while.map((condition, i) => this.#clause('while', i, condition, word(i === 0 ? 'edit.while' : 'edit.and-while'))),
      this.#more('while', word('edit.add.while')),
      ...(this.parts.while.length > 0 ? [make('p', 'sentence-note', word('edit.while.note'))] : []),
      this.#time('clear_for', 'edit.clear_for', ''),
    );
  }

  /**
   * @param {'when' | 'while'} list
   * @param {number} index
   * @param {import('./rule.js').Condition} condition
   * @param {string} lead
   */
  #clause(list, index, condition, lead) {
    const clause = make('div', 'clause');
    const fields = /** @type {ConditionFields} */ (make('condition-fields', ''));
    fields.dataset.list = list;
    fields.open({ condition, field: `${list}[${index}]`, signals: this.#signals });
    clause.append(make('span', 'clause-lead', lead), ' ', fields);
    if (list === 'while' || this.parts.when.length > 1) {
      const remove = button('×', 'icon-button clause-remove', () => this.#change(list, this.parts[list].toSpliced(index, 1)));
      remove.setAttribute('aria-label', word('edit.remove'));
      remove.title = word('edit.remove');
      clause.append(remove);
    }
    return clause;
  }

  /**
   * @param {'when' | 'while'} list
   * @param {string} text
   */
  #more(list, text) {
    const add = button(text, 'clause-add', () => this.#change(list, [...this.parts[list], list === 'while' ? { engine: 'on' } : { signal: this.#signals[0], above: NaN }]));
    add.hidden = this.parts[list].length >= MAX_CONDITIONS;
    return add;
  }

  /**
   * @param {'for' | 'clear_for'} field
   * @param {'edit.for' | 'edit.clear_for'} before
   * @param {string} after
   */
  #time(field, before, after) {
    const clause = make('div', 'clause');
    clause.append(make('span', 'clause-lead', word(before)), ' ', timeField({ label: word(`${before}.label`), field }, this.parts[field], (seconds) => {
      this.parts = { ...this.parts, [field]: seconds };
      this.#fire();
    }), ' ', after);
    return clause;
  }

  /**
   * @param {'when' | 'while'} list
   * @param {import('./rule.js').Condition[]} conditions
   */
  #change(list, conditions) {
    const isMore = conditions.length > this.parts[list].length;
    this.parts = { ...this.parts, [list]: conditions };
    this.#build();
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(`[data-list="${list}"]`));
    const adds = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('.clause-add'));
    const next = isMore ? all[all.length - 1]?.querySelector('select') : adds[list === 'when' ? 0 : 1];
    next?.focus();
    this.#fire();
  }

  #read() {
    const all = (/** @type {string} */ list) => /** @type {ConditionFields[]} */ ([...this.querySelectorAll(`[data-list="${list}"]`)]).map(({ condition }) => condition);
    this.parts = { ...this.parts, when: all('when'), while: all('while') };
    this.#fire();
  }

  #fire() {
    this.dispatchEvent(new Event('edit'));
  }
});

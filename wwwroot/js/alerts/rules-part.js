// @ts-check
import { make, setText } from '../app/text.js';
import { language, word } from '../app/words.js';
import { selectField } from './fields.js';
import './preset-list.js';
import './rule-list.js';

/**
 * @typedef {import('./alerts-page.js').PageView} PageView
 * @typedef {HTMLElement & { show(rules: import('./rules.js').Rules, vehicle: string): void }} PresetList
 */

/** Rules, and those that are offered. Fires `vehicle` with the one that presets are wanted for. */
customElements.define('rules-part', class extends HTMLElement {
  #note = make('p', 'part-note');
  #list = /** @type {HTMLElement & { show(view: PageView): void }} */ (make('rule-list', ''));
  #presets = /** @type {PresetList} */ (make('preset-list', ''));
  #new = /** @type {HTMLAnchorElement} */ (make('a', 'button button-main', word('rules.new')));
  #problem = make('p', 'form-problem');
  #readonly = make('p', 'part-readonly', word('rules.readonly'));
  #title = make('h2', 'part-title');
  #choice = make('span', 'presets-vehicle');
  #choices = '';

  connectedCallback() {
    const head = make('div', 'part-head');
    const offered = make('section', 'offered');
    this.#note.setAttribute('role', 'status');
    this.#problem.setAttribute('role', 'alert');
    this.#new.href = '#new';
    this.#title.append(word('presets.title'), ' ', this.#choice);
    head.append(make('h2', 'part-title', word('rules.title')), this.#new);
    offered.append(this.#title, make('p', 'quiet', word('presets.note')), this.#presets);
    this.replaceChildren(head, this.#readonly, this.#problem, this.#note, this.#list, offered);
  }

  /** @param {PageView} view */
  show(view) {
    const { rules, vehicles, vehicleId, nameOf } = view;
    this.dataset.status = rules.status;
    this.#readonly.hidden = rules.mayChange !== false;
    this.#new.hidden = rules.mayChange === false;
    setText(this.#note, { loading: word('range.loading'), error: word('rules.unreadable'), ready: rules.list.length === 0 ? word('rules.none') : '' }[rules.status]);
    setText(this.#problem, rules.refusal ? refusalText(rules.refusal) : '');
    this.#list.show(view);
    this.#presets.show(rules, nameOf(vehicleId));
    const choices = JSON.stringify([vehicles, vehicleId]);
    if (choices === this.#choices) return;
    this.#choices = choices;
    const options = vehicles.map(({ id, name }) => ({ value: String(id), label: name }));
    this.#choice.replaceChildren(vehicles.length < 2 ? nameOf(vehicleId) : selectField({ label: word('presets.vehicle'), field: '' }, options, String(vehicleId), (value) => this.dispatchEvent(new CustomEvent('vehicle', { detail: Number(value) }))));
  }
});

/** @param {import('../app/send.js').Answer} refusal */
function refusalText({ status, body }) {
  if (status === 403) return word('rules.readonly');
  if (status === 409) return word('rules.conflict');
  if (status === 0) return word('history.unreachable');
  return (language === 'en' && body?.detail) || word('history.status', { status });
}

// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { button } from './fields.js';
import { presetName, presetWhy } from './preset-words.js';
import { ruleText } from './rule-words.js';

/** @typedef {import('./rules.js').Preset} Preset */

/** Rules that are offered for a vehicle, with its own values, and why. Fires `take` with the Rule, and `adapt` with one that is to be changed first. */
customElements.define('preset-list', class extends HTMLElement {
  #note = make('p', 'part-note');
  #list = make('ul', 'presets');
  /** @type {readonly Preset[] | null} */
  #shown = null;
  #taken = '';

  connectedCallback() {
    this.#note.setAttribute('role', 'status');
    this.replaceChildren(this.#note, this.#list);
  }

  /**
   * @param {import('./rules.js').Rules} rules
   * @param {string} vehicle
   */
  show({ presets, presetStatus, list, mayChange }, vehicle) {
    const isTaken = (/** @type {Preset} */ preset) => list.some(({ rule }) => isLike(rule, preset, vehicle));
    this.dataset.status = presetStatus;
    const note = { loading: word('range.loading'), error: word('presets.unreadable'), ready: presets.length === 0 ? word('presets.none', { vehicle }) : '' }[presetStatus];
    setText(this.#note, note);
    const taken = JSON.stringify([presets.map(isTaken), mayChange]);
    if (presets === this.#shown && taken === this.#taken) return;
    const focused = this.#list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement)?.dataset.preset : undefined;
    [this.#shown, this.#taken] = [presets, taken];
    this.#list.replaceChildren(...presets.map((preset) => this.#item(preset, isTaken(preset), mayChange !== false)));
    if (focused) /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-preset="${CSS.escape(focused)}"]`))?.focus();
  }

  /**
   * @param {Preset} preset
   * @param {boolean} isTaken
   * @param {boolean} mayChange
   */
  #item(preset, isTaken, mayChange) {
    const name = presetName(preset);
    const element = make('li', 'preset card');
    const badge = make('span', 'severity', word(`severity.${preset.rule.severity}`));
    const actions = make('div', 'preset-actions');
    const take = button(word(isTaken ? 'presets.taken' : 'presets.take'), 'button button-main', () => take.ariaDisabled !== 'true' && this.#fire('take', preset));
    const adapt = button(word('presets.adapt'), 'button', () => this.#fire('adapt', preset));
    badge.dataset.severity = preset.rule.severity;
    take.ariaDisabled = String(isTaken || !mayChange);
    take.dataset.preset = preset.key;
    take.setAttribute('aria-label', word('presets.action', { action: take.textContent ?? '', rule: name }));
    adapt.dataset.adapt = preset.key;
    adapt.setAttribute('aria-label', word('presets.action', { action: adapt.textContent ?? '', rule: name }));
    adapt.hidden = !mayChange;
    actions.append(take, adapt);
    element.dataset.taken = String(isTaken);
    element.append(badge, make('h3', 'preset-name', name), make('p', 'preset-text', ruleText(preset.rule)), make('p', 'preset-why quiet', presetWhy(preset)), actions);
    return element;
  }

  /**
   * @param {string} type
   * @param {Preset} preset
   */
  #fire(type, preset) {
    this.dispatchEvent(new CustomEvent(type, { detail: { ...preset.rule, name: presetName(preset) } }));
  }
});

/**
 * Whether a rule is what a preset would become.
 * @param {import('./rule.js').Rule} rule
 * @param {Preset} preset
 * @param {string} vehicle
 */
function isLike({ name, vehicles }, preset, vehicle) {
  const wanted = preset.rule.vehicles ?? [];
  if (vehicles && !wanted.every((id) => vehicles.includes(id))) return false;
  const base = presetName(preset);
  return [base, preset.rule.name, word('preset.name', { name: base, vehicle })].includes(name);
}

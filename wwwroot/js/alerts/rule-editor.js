// @ts-check
import { askSignals } from '../app/ask-signals.js';
import { SIX_KEYS } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { language, word } from '../app/words.js';
import { Backtest } from './backtest.js';
import { clearErrors, showErrors } from './field-errors.js';
import { button, selectField } from './fields.js';
import { FORECASTS } from './forecast-signals.js';
import { isThreshold, isWhole, newRule, thresholdOf } from './rule.js';
import { usualName } from './rule-words.js';
import './rule-chart.js';
import './rule-sentence.js';
import './rule-settings.js';
import './trial-words.js';

/**
 * @typedef {import('./rule.js').Rule} Rule
 * @typedef {import('./rule.js').SavedRule} SavedRule
 * @typedef {{ rules: import('./rules.js').Rules, vehicles: readonly { id: number, name: string }[], now: () => number, vehicleId: number }} Context
 * @typedef {HTMLElement & { open(rule: Rule | null, saved: SavedRule | null, context: Context): void, stop(): void }} RuleEditor
 */

/** What a new rule is about, if the vehicle sends it. */
const FIRST = ['coolant_temperature', 'soc', ...SIX_KEYS];
const DAYS = 30;
const DAY = 86_400_000;
const MARGIN = 0.05;

/** A rule, its sentence as a form, and what it would have done in the last days. Fires `done` with its id when it is saved, removed or left. */
customElements.define('rule-editor', class extends HTMLElement {
  #title = make('h2', 'part-title editor-title');
  #form = document.createElement('form');
  #sentence = /** @type {import('./rule-sentence.js').RuleSentence} */ (make('rule-sentence', 'sentence'));
  #settings = /** @type {import('./rule-settings.js').RuleSettings} */ (make('rule-settings', 'settings'));
  #chart = /** @type {import('./rule-chart.js').RuleChart} */ (make('rule-chart', ''));
  #words = /** @type {HTMLElement & { show(backtest: Backtest, rule: Rule, hrefOf: (at: number) => string): void }} */ (make('trial-words', ''));
  #problem = make('p', 'form-problem');
  #vehicle = make('span', 'trial-vehicle');
  #actions = make('div', 'form-actions');
  #backtest = new Backtest();
  /** @type {Context | null} */
  #context = null;
  /** @type {SavedRule | null} */
  #saved = null;
  #rule = newRule(SIX_KEYS[0]);
  #vehicleId = 1;
  #span = { from: 0, to: 0 };
  #key = '';
  #tried = '';

  connectedCallback() {
    const trial = make('section', 'trial');
    const title = make('h2', 'trial-title');
    this.#title.tabIndex = -1;
    this.#form.noValidate = true;
    this.#form.className = 'rule-form';
    this.#problem.setAttribute('role', 'alert');
    title.append(word('trial.title', { days: DAYS }), ' ', this.#vehicle);
    trial.append(title, this.#chart, this.#words);
    this.#form.append(this.#sentence, trial, this.#settings, this.#problem, this.#actions);
    this.replaceChildren(this.#title, this.#form, timeZones());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#save();
    });
    for (const part of [this.#sentence, this.#settings]) part.addEventListener('edit', (event) => event.target === part && this.#edited());
    this.#chart.addEventListener('slide', (event) => this.#sentence.setThreshold(this.#index, /** @type {CustomEvent<number>} */ (event).detail));
    this.#chart.addEventListener('ready', () => this.#arrived());
    this.#backtest.addEventListener('change', () => this.#showResult());
  }

  /**
   * @param {Rule | null} rule  Null: a new one.
   * @param {SavedRule | null} saved  What it is a version of.
   * @param {Context} context
   */
  async open(rule, saved, context) {
    this.#context = context;
    this.#saved = saved;
    this.#vehicleId = rule?.vehicles?.find((id) => id === context.vehicleId) ?? rule?.vehicles?.[0] ?? context.vehicleId;
    this.#key = this.#tried = '';
    setText(this.#problem, '');
    setText(this.#title, saved?.rule.name ?? word('rules.new'));
    if (rule) this.#rule = rule;
    this.#fillVehicles();
    this.#fillActions();
    await this.#turnTo(this.#vehicleId, rule === null);
    // From the link or button that led here, which is gone.
    this.#title.focus();
  }

  stop() {
    this.#backtest.stop();
  }

  /**
   * @param {number} vehicleId
   * @param {boolean} [isNew]
   */
  async #turnTo(vehicleId, isNew = false) {
    const { now, rules, vehicles } = /** @type {Context} */ (this.#context);
    this.#vehicleId = vehicleId;
    const known = await askSignals(vehicleId);
    if (isNew) this.#rule = newRule(FIRST.find((key) => known.includes(key)) ?? known[0] ?? FIRST[0]);
    const rule = this.#rule;
    this.#sentence.open(rule, [...new Set([...SIX_KEYS, ...known, ...FORECASTS])]);
    this.#settings.open(rule, vehicles, rules.mayChange !== false);
    // Whole minutes: the same question twice is the same answer.
    const to = Math.ceil(now() / 60_000) * 60_000;
    this.#span = { from: to - DAYS * DAY, to };
    this.#key = this.#tried = '';
    this.#edited();
  }

  #fillVehicles() {
    const { vehicles } = /** @type {Context} */ (this.#context);
    const options = vehicles.map(({ id, name }) => ({ value: String(id), label: name }));
    this.#vehicle.replaceChildren(vehicles.length < 2 ? vehicles[0]?.name ?? '' : selectField({ label: word('trial.vehicle'), field: '' }, options, String(this.#vehicleId), (value) => this.#turnTo(Number(value))));
  }

  #fillActions() {
    const save = /** @type {HTMLButtonElement} */ (make('button', 'button button-main', word(this.#saved ? 'edit.save' : 'edit.create')));
    const cancel = button(word('edit.cancel'), 'button', () => this.#done());
    const remove = button(word('edit.delete'), 'button button-danger', () => this.#remove(remove));
    // Users who may not change it can still try it out.
    if (this.#context?.rules.mayChange === false) this.#actions.replaceChildren(make('p', 'part-readonly', word('rules.readonly')), cancel);
    else this.#actions.replaceChildren(save, cancel, ...(this.#saved ? [remove] : []));
  }

  /** Where the condition stands whose threshold is on the chart; -1: none has one. */
  get #index() {
    return this.#rule.when.findIndex(isThreshold);
  }

  get #shown() {
    return this.#rule.when[this.#index] ?? this.#rule.when.find(({ signal }) => signal !== undefined);
  }

  #edited() {
    this.#rule = { ...this.#rule, ...this.#sentence.parts, ...this.#settings.settings };
    clearErrors(this.#form);
    const shown = this.#shown;
    const name = usualName(this.#rule);
    this.#settings.suggest(isWhole(this.#rule) ? name : '');
    if (shown?.signal !== this.#key) {
      this.#key = shown?.signal ?? '';
      this.#chart.open(this.#key || null, this.#vehicleId, this.#span);
    }
    this.#chart.show(shown && isThreshold(shown) ? thresholdOf(shown) : null, shown?.clear);
    this.dataset.severity = this.#rule.severity;
    this.#try(name);
  }

  /** @param {string} name */
  #try(name) {
    // What it is called and whom it is for change nothing of what it would have done.
    const question = JSON.stringify([this.#rule.when, this.#rule.while, this.#rule.for, this.#rule.clear_for, this.#vehicleId, this.#span]);
    if (question === this.#tried) return this.#mark();
    this.#tried = question;
    if (isWhole(this.#rule)) this.#backtest.ask({ ...this.#rule, vehicles: null, notify: [], message: null }, name, this.#vehicleId, this.#span);
    else this.#backtest.stop();
  }

  /** A new rule begins just beyond what the vehicle has shown. */
  #arrived() {
    const shown = this.#shown;
    const { extent } = this.#chart;
    if (extent && shown && isThreshold(shown) && Number.isNaN(thresholdOf(shown))) {
      const [low, high] = extent;
      const room = MARGIN * (high - low || Math.abs(high) || 1);
      this.#sentence.setThreshold(this.#index, shown.above !== undefined ? Math.ceil(high + room) : Math.floor(low - room));
    }
    this.#mark();
  }

  #showResult() {
    this.#words.show(this.#backtest, this.#rule, (at) => `drives.html?vehicle_id=${this.#vehicleId}#t=${new Date(at).toISOString()}`);
    const { problem } = this.#backtest;
    if (problem) showErrors(this.#form, problem.fields);
    this.#mark();
  }

  #mark() {
    const { severity } = this.#rule;
    this.#chart.mark((this.#backtest.result?.alerts ?? []).map(({ from, to }) => ({ firedAt: from, clearedAt: to, severity })));
  }

  async #save() {
    const { rules } = /** @type {Context} */ (this.#context);
    const answer = await rules.save(this.#rule, usualName(this.#rule), this.#saved);
    if (answer.status >= 200 && answer.status < 300) return this.#done(answer.body?.rule_id);
    const isConflict = answer.status === 409 && !('name' in answer.fields);
    const { rest, first } = showErrors(this.#form, isConflict ? {} : answer.fields);
    first?.focus();
    setText(this.#problem, isConflict || Object.keys(answer.fields).length === 0 ? this.#reason(answer) : rest);
    return undefined;
  }

  /**
   * Why it was not saved.
   * @param {import('../app/send.js').Answer} answer
   */
  #reason({ status, body }) {
    if (status === 409 && this.#saved) {
      this.#offerNewest();
      return word('edit.conflict');
    }
    if (status === 403) return word('rules.readonly');
    if (status === 404) return word('edit.gone');
    if (status === 0) return word('history.unreachable');
    return (language === 'en' && body?.detail) || word('history.status', { status });
  }

  /** Somebody else has changed the rule meanwhile: what they made of it can be looked at before it is written over. */
  #offerNewest() {
    const { rules } = /** @type {Context} */ (this.#context);
    const newest = this.#saved && rules.find(this.#saved.id);
    if (!newest) return;
    this.#saved = newest;
    this.#actions.prepend(button(word('edit.load'), 'button', () => this.open(newest.rule, newest, /** @type {Context} */ (this.#context))));
  }

  /** @param {HTMLButtonElement} remove */
  async #remove(remove) {
    if (!remove.dataset.sure) {
      remove.dataset.sure = 'true';
      setText(remove, word('edit.delete.sure'));
      return;
    }
    const { rules } = /** @type {Context} */ (this.#context);
    const answer = await rules.remove(/** @type {SavedRule} */ (this.#saved));
    if (answer.status < 300 && answer.status > 0) this.#done();
    else setText(this.#problem, this.#reason(answer));
  }

  /** @param {number | undefined} [ruleId] */
  #done(ruleId = this.#saved?.id) {
    this.stop();
    this.dispatchEvent(new CustomEvent('done', { detail: ruleId }));
  }
});

function timeZones() {
  const list = document.createElement('datalist');
  list.id = 'time-zones';
  list.append(...Intl.supportedValuesOf('timeZone').map((zone) => new Option(zone, zone)));
  return list;
}

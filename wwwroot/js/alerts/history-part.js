// @ts-check
import { alertOf } from '../app/alert.js';
import { iso } from '../app/history.js';
import { send } from '../app/send.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { csvOf, save } from './alert-csv.js';
import { button, selectField } from './fields.js';
import './alert-list.js';

/**
 * @typedef {import('./alerts-page.js').PageView} PageView
 * @typedef {import('../app/alert.js').Alert} Alert
 * @typedef {{ vehicle_id: string, rule_id: string, days: string }} Chosen
 */

const LIMIT = 50;
const DAY = 86_400_000;
const TIMES = /** @type {const} */ (['1', '7', '30', '365']);

/** Alerts of before, of a vehicle, a rule and a time. */
customElements.define('history-part', class extends HTMLElement {
  #filter = make('div', 'history-filter');
  #linked = make('section', 'history-linked');
  #single = /** @type {import('./alert-list.js').AlertList} */ (make('alert-list', ''));
  #note = make('p', 'part-note');
  #list = /** @type {import('./alert-list.js').AlertList} */ (make('alert-list', ''));
  #more = button(word('history.more'), 'button', () => this.#load(true));
  #export = button(word('history.csv'), 'button', () => save(`${word('page.alerts').toLowerCase()}.csv`, csvOf(this.#alerts, (id) => this.#view?.nameOf(id) ?? '')));
  /** @type {readonly Alert[]} */
  #alerts = [];
  /** @type {Chosen} */
  #chosen = { vehicle_id: '', rule_id: '', days: '30' };
  #choices = '';
  #asked = new AbortController();
  /** @type {PageView | null} */
  #view = null;

  connectedCallback() {
    const foot = make('div', 'history-foot');
    this.#note.setAttribute('role', 'status');
    foot.append(this.#more, this.#export);
    this.#linked.append(make('h2', 'part-title', word('alert.linked')), this.#single);
    this.#linked.hidden = true;
    this.replaceChildren(this.#linked, this.#filter, this.#note, this.#list, foot);
  }

  /** @param {PageView} view */
  show(view) {
    this.#view = view;
    this.#fill(view);
    const { addressed, nameOf, now, act } = view;
    const { alert } = addressed;
    // One that the list does not have, as it is too old or not of the chosen vehicle, stands above it.
    const isApart = alert !== null && addressed.part === 'history' && this.dataset.status !== undefined && this.#alerts.every(({ id }) => id !== alert.id);
    this.#linked.hidden = !isApart;
    this.#list.show({ alerts: this.#alerts, nameOf, now, act, marked: addressed });
    this.#single.show({ alerts: isApart ? [alert] : [], nameOf, now, act, marked: addressed });
  }

  load() {
    return this.#load(false);
  }

  /** @param {PageView} view */
  #fill({ vehicles, rules }) {
    const choices = JSON.stringify([vehicles, rules.list.map(({ id, rule }) => [id, rule.name])]);
    if (choices === this.#choices) return;
    this.#choices = choices;
    const field = (/** @type {keyof Chosen} */ name, /** @type {string} */ label, /** @type {{ value: string, label: string }[]} */ options) => {
      const frame = make('label', 'select');
      const select = selectField({ label, field: '' }, options, this.#chosen[name], (value) => {
        this.#chosen = { ...this.#chosen, [name]: value };
        this.#load(false);
      });
      select.className = 'field';
      frame.append(select);
      return frame;
    };
    this.#filter.replaceChildren(
      field('vehicle_id', word('history.vehicle'), [{ value: '', label: word('rule.all.choice') }, ...vehicles.map(({ id, name }) => ({ value: String(id), label: name }))]),
      field('rule_id', word('history.rule'), [{ value: '', label: word('history.all-rules') }, ...rules.list.map(({ id, rule }) => ({ value: String(id), label: rule.name }))]),
      field('days', word('range.legend'), TIMES.map((value) => ({ value, label: word(`history.days.${value}`) }))),
    );
  }

  /** @param {boolean} isMore */
  async #load(isMore) {
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    const { days, ...rest } = this.#chosen;
    const query = new URLSearchParams({ state: 'all', limit: String(LIMIT), from: iso(Date.now() - Number(days) * DAY) });
    for (const [name, value] of Object.entries(rest)) if (value !== '') query.set(name, value);
    const last = this.#alerts.at(-1);
    if (isMore && last) query.set('after', last.id);
    if (!isMore) {
      setText(this.#note, word('range.loading'));
      delete this.dataset.status;
    }
    const { status, body } = await send('GET', `alerts?${query}`, undefined, signal);
    if (signal.aborted) return;
    const list = status === 200 && Array.isArray(body) ? body.flatMap((raw) => alertOf(raw) ?? []) : [];
    this.#alerts = isMore ? [...this.#alerts, ...list] : list;
    this.#more.hidden = list.length < LIMIT;
    this.#export.hidden = this.#alerts.length === 0;
    this.dataset.status = status === 200 ? 'ready' : 'error';
    setText(this.#note, status !== 200 ? word('open.unreadable') : this.#alerts.length === 0 ? word('history.none') : '');
    if (this.#view) this.show(this.#view);
  }
});

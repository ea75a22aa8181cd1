// @ts-check
import { send } from '../app/send.js';
import { make, setText } from '../app/text.js';
import { nameOf, stateWord } from '../app/view.js';
import { word } from '../app/words.js';
import { button, input, labelled, select } from './form.js';
import { problemOf } from './problem.js';
import './vehicle-deletion.js';

/** @typedef {import('../app/roster.js').Entry} Entry */

const KINDS = /** @type {const} */ (['none', 'car', 'van', 'motorcycle', 'electric']);
const FUELS = /** @type {const} */ (['none', 'petrol', 'diesel']);
const DEFAULT_COLOR = '#2c6be0';
const SIZE = { min: '0.1', max: '2000', step: 'any', inputmode: 'decimal' };

/** What can be set about one vehicle, saved as soon as it is entered. */
customElements.define('vehicle-form', class extends HTMLElement {
  /** @type {Entry | null} */
  #entry = null;
  #name = make('strong', 'vehicle-summary-name');
  #facts = make('span', 'quiet');
  #swatch = make('span', 'vehicle-swatch');
  #status = make('p', 'setting-status');
  /** @type {Record<string, ReturnType<typeof labelled>>} */
  #fields = {
    name: labelled(word('vehicle.name'), input('text', { maxlength: '100', autocomplete: 'off' })),
    kind: labelled(word('vehicle.kind'), select(KINDS.map((value) => ({ value: value === 'none' ? '' : value, label: word(`vehicle.kind.${value}`) })))),
    color: labelled(word('vehicle.color'), input('color')),
    offline_after_seconds: labelled(word('vehicle.silence'), input('number', { min: '1', max: '86399', step: 'any', inputmode: 'decimal' }), 's'),
    fuel: labelled(word('vehicle.fuel'), select(FUELS.map((value) => ({ value: value === 'none' ? '' : value, label: word(`vehicle.fuel.${value}`) })))),
    tank_litres: labelled(word('vehicle.tank'), input('number', SIZE), 'L'),
    battery_kwh: labelled(word('vehicle.battery'), input('number', SIZE), 'kWh'),
    hidden: labelled(word('vehicle.hidden'), input('checkbox')),
    device: labelled(word('vehicle.device'), input('text', { maxlength: '64', autocomplete: 'off', spellcheck: 'false' })),
  };
  #merge = labelled(word('vehicle.merge'), select([]));
  #mergeButton = button(word('vehicle.merge.now'), () => this.#mergeNow());
  #deletion = /** @type {any} */ (document.createElement('vehicle-deletion'));

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const details = make('details', 'vehicle-details');
    const summary = make('summary', 'vehicle-summary');
    const form = make('form', 'vehicle-form');
    const acts = make('div', 'vehicle-acts');
    this.#status.setAttribute('role', 'status');
    summary.append(this.#swatch, this.#name, this.#facts);
    form.addEventListener('submit', (event) => event.preventDefault());
    for (const [key, { field, frame }] of Object.entries(this.#fields)) {
      field.addEventListener('change', () => this.#save(key));
      form.append(frame);
    }

    this.#deletion.addEventListener('outcome', (/** @type {CustomEvent<string>} */ { detail }) => setText(this.#status, detail));
    acts.append(this.#merge.frame, this.#mergeButton, button(word('vehicle.release'), () => this.#send({ device: null })));
    details.append(summary, form, acts, this.#deletion, this.#status);
    this.append(details);
  }

  /**
   * @param {Entry} entry
   * @param {readonly Entry[]} all
   */
  show(entry, all) {
    this.#entry = entry;
    const name = nameOf(entry, entry.vehicleId);
    this.dataset.vehicle = String(entry.vehicleId);
    this.#swatch.style.background = entry.raw.color ?? 'var(--paint)';
    setText(this.#name, name);
    setText(this.#facts, [`#${entry.vehicleId}`, entry.device, stateWord({ state: entry.state, heard: entry.lastSeen !== null }), entry.isHidden ? word('vehicle.is-hidden') : ''].filter(Boolean).join(' · '));
    for (const [key, { field }] of Object.entries(this.#fields)) {
      // A field that is being edited is left alone.
      if (field === document.activeElement || key === 'device') continue;
      if (key === 'hidden') field.checked = entry.isHidden === true;
      else field.value = String(entry.raw[key] ?? (key === 'color' ? DEFAULT_COLOR : ''));
    }

    this.#showOthers(all.filter(({ vehicleId }) => vehicleId !== entry.vehicleId));
    this.#deletion.show(entry.vehicleId, name);
  }

  /** @param {Entry[]} others */
  #showOthers(others) {
    const { field, frame } = this.#merge;
    frame.hidden = this.#mergeButton.hidden = others.length === 0 || this.#entry?.vehicleId === 1;
    if (field === document.activeElement) return;
    const chosen = field.value;
    field.replaceChildren(new Option(word('vehicle.merge.none'), ''), ...others.map((other) => new Option(nameOf(other, other.vehicleId), String(other.vehicleId))));
    field.value = others.some(({ vehicleId }) => String(vehicleId) === chosen) ? chosen : '';
  }

  /** @param {string} key */
  #save(key) {
    const { field } = this.#fields[key];
    const text = field.value.trim();
    if (key === 'hidden') this.#send({ hidden: field.checked });
    else if (key === 'device' && text === '') return;
    else if (field.type === 'number') this.#send({ [key]: text === '' ? null : Number(text) });
    else this.#send({ [key]: text === '' ? null : text });
  }

  #mergeNow() {
    const { value, selectedOptions } = this.#merge.field;
    if (value && confirm(word('vehicle.merge.sure', { name: this.#name.textContent ?? '', into: selectedOptions[0].textContent }))) this.#send({ merge_into: Number(value) });
  }

  /** @param {Record<string, unknown>} change */
  async #send(change) {
    setText(this.#status, '');
    const [key] = Object.keys(change);
    const { status, body, fields } = await send('PATCH', `vehicles/${this.#entry?.vehicleId}`, change);
    const problem = status === 200 ? '' : problemOf(status, body);
    const isOfField = key in this.#fields && problem !== '' && fields[key] !== undefined;
    this.#fields[key]?.showProblem(isOfField ? problem : '');
    setText(this.#status, problem === '' ? word('settings.saved') : isOfField ? '' : problem);
    if (problem === '' && key === 'device') this.#fields.device.field.value = '';
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }
});

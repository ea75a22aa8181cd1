// @ts-check
import { between } from './ranges.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** The two moments of a range, in local time. Fires `choose` with the Range. */
customElements.define('custom-range', class extends HTMLElement {
  #from = moment('from');
  #to = moment('to');
  /** @type {import('./ranges.js').Range | null} */
  #shown = null;

  connectedCallback() {
    const form = document.createElement('form');
    form.className = 'moments';
    form.append(this.#from.frame, this.#to.frame, make('button', 'button', word('range.show')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { span } = this.#shown ?? {};
      const [from, to] = [this.#from.at(), this.#to.at()];
      this.#to.refuse(to > from ? '' : word('range.order'));
      if (to <= from) return;
      if (from !== span?.from || to !== span.to) this.dispatchEvent(new CustomEvent('choose', { detail: between(from, to) }));
    });
    this.replaceChildren(form);
  }

  /** @param {import('./past.js').Past} past */
  show({ range }) {
    this.hidden = !range.span;
    if (range === this.#shown) return;
    this.#shown = range;
    if (!range.span) return;
    this.#from.put(range.span.from);
    this.#to.put(range.span.to);
  }
});

/** @param {'from' | 'to'} name */
function moment(name) {
  const input = document.createElement('input');
  const frame = make('label', 'moment');
  input.type = 'datetime-local';
  input.className = 'field';
  input.name = name;
  input.required = true;
  input.min = '2000-01-01T00:00';
  input.max = '2199-12-31T23:59';
  input.step = 'any';
  frame.append(make('span', 'moment-name', word(`range.${name}`)), input);
  input.addEventListener('input', () => input.form?.querySelectorAll('input').forEach((each) => each.setCustomValidity('')));
  let put = { at: NaN, text: '' };
  return {
    frame,
    /** @param {number} at */
    put(at) {
      input.value = local(at);
      put = { at, text: input.value };
    },
    /** @param {string} problem  Empty: there is none. */
    refuse(problem) {
      input.setCustomValidity(problem);
      if (problem) input.reportValidity();
    },
    /** What is written says less than what was meant: no milliseconds, nor which of the two hours when the clocks are set back. */
    at() {
      return input.value === put.text ? put.at : new Date(input.value).getTime();
    },
  };
}

/**
 * As the inputs take it, seconds only where there are any.
 * @param {number} milliseconds
 */
function local(milliseconds) {
  const shifted = milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, milliseconds % 60_000 === 0 ? 16 : 19);
}

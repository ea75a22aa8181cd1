// @ts-check
import { bar, dial } from './gauge.js';
import { SIGNALS, format, signalKey } from './signals.js';
import { make, setText } from './text.js';

/** One signal's value, large: `<kpi-card data-signal="rpm">`. With `data-gauge="dial"` it is drawn as a dial. */
customElements.define('kpi-card', class extends HTMLElement {
  #key = signalKey(this.dataset.signal);
  #value = make('span', 'kpi-value', format(this.#key, null));
  #gauge = this.dataset.gauge === 'dial' ? dial(SIGNALS[this.#key].gauge) : bar();

  connectedCallback() {
    const { label, unit } = SIGNALS[this.#key];
    const reading = make('p', 'kpi-reading');
    this.#value.dataset.value = '';
    reading.append(this.#value, ' ', make('span', 'kpi-unit', unit));
    this.replaceChildren(make('h2', 'kpi-label', label), reading, this.#gauge.element);
  }

  /** @param {import('./view.js').View} view */
  show({ data }) {
    const value = data?.[this.#key] ?? null;
    const [low, high] = SIGNALS[this.#key].gauge;
    setText(this.#value, format(this.#key, value));
    this.toggleAttribute('data-empty', value === null);
    this.#gauge.set(value === null ? null : Math.min(1, Math.max(0, (value - low) / (high - low))));
  }
});

// @ts-check
import { oldText } from '../app/age.js';
import { levelOf } from '../app/levels.js';
import { format, signalKey, signalOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/**
 * One signal's value, large, and, as soon as their module has come, its last minutes: `<kpi-card data-signal="rpm">`.
 * @typedef {HTMLElement & { show?(key: import('../app/signals.js').SignalKey, points: readonly import('../app/recent.js').Point[], now: number, gap: number): void }} SparkLine
 */
customElements.define('kpi-card', class extends HTMLElement {
  #key = signalKey(this.dataset.signal);
  #value = make('span', 'kpi-value', format(this.#key, null));
  #mark = make('p', 'mark');
  #line = /** @type {SparkLine} */ (make('spark-line', 'spark'));

  connectedCallback() {
    const { label, unit } = signalOf(this.#key);
    const reading = make('p', 'kpi-reading');
    this.#value.dataset.value = '';
    reading.append(this.#value, ' ', make('span', 'kpi-unit', unit));
    this.replaceChildren(make('h2', 'kpi-label', label), this.#mark, reading, this.#line);
  }

  /**
   * @param {import('../app/view.js').View} view
   * @param {import('../app/recent.js').Recent} recent
   * @param {import('../app/freshness.js').Freshness} freshness
   */
  show({ data, state, now, timestamp, offlineAfter }, recent, freshness) {
    const value = data?.[this.#key] ?? null;
    const running = state === 'running';
    const until = running ? now : timestamp;
    const old = value === null ? null : freshness.oldAge(this.#key, now, until);
    const level = levelOf(this.#key, value);
    setText(this.#value, format(this.#key, value));
    this.toggleAttribute('data-unheard', value === null);
    this.dataset.level = old === null ? level : 'old';
    if (old !== null) setText(this.#mark, oldText(old));
    else setText(this.#mark, level === 'normal' ? '' : word(`level.${level}`));
    // Messages repeat an old value: its line ends with its last sample.
    const points = old === null ? recent.of(this.#key) : recent.of(this.#key).filter(({ time }) => time <= now - old);
    this.#line.show?.(this.#key, points, until, offlineAfter);
  }
});

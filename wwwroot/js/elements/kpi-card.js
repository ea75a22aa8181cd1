// @ts-check
import { oldText } from '../app/age.js';
import { NOTHING, show, signalOf, unitOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { alertOn } from '../app/view.js';

/**
 * One signal's value, large, and, as soon as their modules have come, its last minutes and the alert about it: `<kpi-card data-signal="rpm">`.
 * @typedef {HTMLElement & { show?(alert: import('../app/alert.js').Alert | null): void }} AlertLine
 * @typedef {HTMLElement & { show?(key: import('../app/signals.js').SignalKey, points: readonly import('../app/recent.js').Point[], now: number, gap: number): void }} SparkLine
 */
customElements.define('kpi-card', class extends HTMLElement {
  #key = '';
  #value = make('span', 'kpi-value', NOTHING);
  #unit = make('span', 'kpi-unit');
  #label = make('h2', 'kpi-label');
  #name = make('a', 'kpi-link');
  #mark = make('p', 'mark');
  #alert = /** @type {AlertLine} */ (make('alert-line', 'kpi-alert'));
  #line = /** @type {SparkLine} */ (make('spark-line', 'spark'));

  connectedCallback() {
    this.#key = this.dataset.signal ?? '';
    setText(this.#name, signalOf(this.#key).label);
    this.#label.append(this.#name);
    const reading = make('p', 'kpi-reading');
    this.#value.dataset.value = '';
    setText(this.#unit, unitOf(this.#key));
    reading.append(this.#value, ' ', this.#unit);
    this.#alert.hidden = true;
    this.replaceChildren(this.#label, this.#mark, reading, this.#line, this.#alert);
  }

  /**
   * @param {import('../app/view.js').View} view
   * @param {import('../app/recent.js').Recent} recent
   * @param {import('../app/freshness.js').Freshness} freshness
   */
  show({ data, state, now, timestamp, offlineAfter, alerts }, recent, freshness) {
    const value = data?.[this.#key] ?? null;
    const running = state === 'running';
    const until = running ? now : timestamp;
    const old = value === null ? null : freshness.oldAge(this.#key, now, until);
    const alert = alertOn(alerts, this.#key);
    setText(this.#value, show(this.#key, value));
    this.#value.toggleAttribute('data-long', this.#value.textContent.length > 5);
    setText(this.#unit, unitOf(this.#key, value));
    setText(this.#name, signalOf(this.#key).label);
    this.toggleAttribute('data-unheard', value === null);
    this.dataset.level = old === null ? 'normal' : 'old';
    this.dataset.alert = alert?.severity ?? 'none';
    setText(this.#mark, old === null ? '' : oldText(old));
    this.#alert.show?.(alert);
    // Messages repeat an old value: its line ends with its last sample.
    const points = old === null ? recent.of(this.#key) : recent.of(this.#key).filter(({ time }) => time <= now - old);
    this.#line.show?.(this.#key, points, until, offlineAfter);
  }
});

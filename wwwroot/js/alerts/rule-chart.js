// @ts-check
import { UNKNOWN_COLUMNS, NO_SERIES, extentOf, isKnown } from '../app/columns.js';
import { onFrame } from '../app/frame.js';
import { columnsOf, fetchHistory } from '../app/history.js';
import { roundUp } from '../app/scales.js';
import { format } from '../app/alert-words.js';
import { signalOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { inkOf } from '../charts/ink.js';
import './threshold-line.js';

/**
 * @typedef {import('../app/history.js').Span} Span
 * @typedef {HTMLElement & { open(key: string | null, vehicleId: number, span: Span): void, show(threshold: number | null, clear: number | undefined): void, mark(marks: readonly import('../charts/alert-marks.js').Mark[]): void, readonly extent: [number, number] | null }} RuleChart
 */

// An hour each, of 30 days: narrower buckets could not be distinguished.
const POINTS = 720;
const ROOM = 0.15;
/** Steps of the line from the bottom to the top. */
const STEPS = 200;
/** Silence that breaks the line, in seconds. */
const GAP = 7200;

/** The signal of a rule over the days that the rule is tried on. Fires `ready` when its values have come, and `slide` with a threshold. */
customElements.define('rule-chart', class extends HTMLElement {
  #frame = make('div', 'chart-frame');
  #status = make('p', 'rule-chart-status');
  #line = /** @type {import('./threshold-line.js').ThresholdLine} */ (make('threshold-line', ''));
  #key = '';
  #asked = new AbortController();
  #columns = UNKNOWN_COLUMNS;
  /** @type {readonly import('../charts/alert-marks.js').Mark[]} */
  #marks = [];
  /** @type {number | null} */
  #threshold = null;
  /** @type {number | undefined} */
  #clear = undefined;
  /** What the scale has room for: it stands while the line is dragged. @type {number[]} */
  #values = [];
  /** @type {import('../charts/plot.js').Plot} */
  #plot = null;
  #redraw = onFrame(() => this.#fill());

  connectedCallback() {
    this.#frame.setAttribute('role', 'group');
    this.#status.setAttribute('role', 'status');
    this.#line.hidden = true;
    this.replaceChildren(this.#frame, this.#status);
    this.#line.addEventListener('slide', (event) => {
      this.#threshold = /** @type {CustomEvent<number>} */ (event).detail;
      this.dispatchEvent(new CustomEvent('slide', { detail: this.#threshold }));
    });
    this.#line.addEventListener('drop', () => this.#redraw());
    new ResizeObserver(() => this.#resize()).observe(this.#frame);
    document.addEventListener('themechange', () => this.#plot?.redraw(false));
  }

  /** The lowest and the highest value. */
  get extent() {
    return extentOf(this.#columns.signals[this.#key] ?? NO_SERIES);
  }

  /**
   * @param {string | null} key  Null: the rule is about no signal.
   * @param {number} vehicleId
   * @param {Span} span
   */
  async open(key, vehicleId, span) {
    this.#asked.abort();
    const { signal } = this.#asked = new AbortController();
    this.hidden = key === null;
    this.#columns = UNKNOWN_COLUMNS;
    this.#marks = [];
    if (key === null) return;
    if (key !== this.#key) this.#drop();
    this.#key = this.dataset.chart = key;
    this.#setStatus('loading', word('range.loading'));
    try {
      const [history] = await Promise.all([fetchHistory(vehicleId, span, POINTS, signal, [key]), this.#comes()]);
      if (signal.aborted) return;
      this.#columns = columnsOf(history, GAP, span.to / 1000);
      this.#setStatus(this.extent ? 'ready' : 'empty', this.extent ? '' : word('trial.empty'));
    } catch (error) {
      if (signal.aborted) return;
      this.#setStatus('error', word('range.problem', { problem: /** @type {Error} */ (error).message }));
    }
    this.dispatchEvent(new Event('ready'));
    this.#fill();
  }

  /**
   * @param {number | null} threshold
   * @param {number | undefined} clear
   */
  show(threshold, clear) {
    const isSame = threshold === this.#threshold && clear === this.#clear;
    [this.#threshold, this.#clear] = [threshold, clear];
    if (!isSame || this.#values.length === 0) this.#redraw();
  }

  /** @param {readonly import('../charts/alert-marks.js').Mark[]} marks */
  mark(marks) {
    this.#marks = marks;
    this.#plot?.redraw(false);
  }

  async #comes() {
    const { plotIn } = await import('../charts/plot.js');
    if (this.#plot) return;
    const plot = plotIn(this.#frame, this.#key, () => inkOf(this), {
      point: () => {}, select: () => {}, pick: () => {},
      silent: () => [],
      marks: () => this.#marks,
      isMetric: true,
      values: () => this.#values,
      drawn: () => this.#line.place(this.#plot),
    });
    this.#plot = plot;
    plot.over.append(this.#line);
    this.#resize();
  }

  #drop() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#frame.replaceChildren();
  }

  #fill() {
    const { extent } = this;
    const { unit, label } = signalOf(this.#key);
    const chosen = [this.#threshold, this.#clear].filter(isKnown).filter((value) => !Number.isNaN(value));
    const all = [...(extent ?? []), ...chosen];
    const [lowest, highest] = [Math.min(...all), Math.max(...all)];
    const room = ROOM * (highest - lowest || Math.abs(highest) || 1);
    this.#values = all.length > 0 ? [lowest - room, highest + room] : [];
    const isDrawn = extent !== null && this.#threshold !== null && !Number.isNaN(this.#threshold);
    this.#line.show(isDrawn ? { value: /** @type {number} */ (this.#threshold), clear: this.#clear, unit, step: roundUp((highest - lowest + 2 * room) / STEPS), lowest, highest } : null);
    const { value, high, low } = this.#columns.signals[this.#key] ?? NO_SERIES;
    this.#plot?.setData([this.#columns.time, value, high, low]);
    if (extent) this.#frame.setAttribute('aria-label', word('trial.chart', { label, low: format(this.#key, extent[0]), high: format(this.#key, extent[1]), unit }));
    else this.#frame.setAttribute('aria-label', label);
  }

  /**
   * @param {string} status
   * @param {string} text
   */
  #setStatus(status, text) {
    this.dataset.status = status;
    setText(this.#status, text);
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    if (width > 0 && height > 0) this.#plot?.setSize({ width, height });
  }
});

// @ts-check
import { oldText } from '../app/age.js';
import { NO_COLUMNS, NO_SERIES, extentText, isKnown, sizeOf, valueAt } from '../app/columns.js';
import { painted } from '../app/frame.js';
import { inkOf } from './ink.js';
import { bucketTime, exactTime } from './chart-times.js';
import { NOTHING, show, signalKey, signalOf, unitOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/**
 * @typedef {import('../app/columns.js').Columns} Columns
 * @typedef {HTMLElement & { key: string, size: number, setAge(old: number | null): void, setLast(data: import('../app/view.js').View['data']): void, draw(columns: Columns): void, setAlerts(alerts: readonly import('../app/alert.js').Alert[]): void, setExpected(expected: import('./expected.js').Expected | null): void, mark(at: number): void, described(): void }} Chart
 */

/**
 * One signal over time: `<signal-chart data-chart="rpm">`. The heading reads the cursor's point, otherwise the marked moment, otherwise
 * the newest. Fires `zoom` with the Span that was dragged over, `unzoom`, and `pick` with the moment that was clicked, in milliseconds.
 */
customElements.define('signal-chart', class extends HTMLElement {
  #key = '';
  #value = make('span', 'chart-value');
  #label = make('h2', 'chart-label');
  #unit = make('span', 'chart-unit');
  #extent = make('span', 'chart-extent');
  #when = make('span', 'chart-when');
  #frame = make('div', 'chart-frame');
  #columns = NO_COLUMNS;
  /** @type {readonly import('./alert-marks.js').Mark[]} */
  #marks = [];
  /** @type {import('./expected.js').Expected | null} */
  #expected = null;
  /** The last value that is known apart from the points. @type {number | null} */
  #last = null;
  /** The age of a value that is old. @type {number | null} */
  #old = null;
  /** @type {number | null} */
  #cursor = null;
  /** The marked moment, in seconds. @type {number | null} */
  #marked = null;
  #markedAt = -1;
  /** @type {import('./plot.js').Plot} */
  #plot = null;
  /** @type {Promise<void> | null} */
  #coming = null;
  #ink = inkOf(this);
  /** Of the largest value: it decides on the unit. */
  size = 0;

  get key() {
    return this.#key;
  }

  get points() {
    return this.#series.value.filter(isKnown).length;
  }

  connectedCallback() {
    this.#key = signalKey(this.dataset.chart);
    this.#ink = inkOf(this);
    const { label, slot } = signalOf(this.#key);
    const head = make('div', 'chart-head');
    const reading = make('p', 'chart-reading');
    const foot = make('p', 'chart-foot');
    this.#value.dataset.value = '';
    this.#value.style.minInlineSize = `${slot}ch`;
    this.dataset.points = '0';
    this.#frame.tabIndex = 0;
    this.#frame.setAttribute('role', 'img');
    this.#frame.setAttribute('aria-label', label);
    reading.append(this.#value, ' ', this.#unit);
    head.append(this.#label, reading);
    foot.append(this.#extent, this.#when);
    this.replaceChildren(head, foot, this.#frame);
    new ResizeObserver(() => this.#resize()).observe(this.#frame);
    document.addEventListener('themechange', () => this.#repaint());
    this.#frame.addEventListener('focus', () => this.#describe());
    this.#frame.addEventListener('blur', () => this.#plot?.setCursor({ left: -10, top: -10 }, true, true));
    this.#writeExtent();
    this.described();
  }

  async #comes() {
    await painted();
    const [{ plotIn }, { followKeys }] = await Promise.all([import('./plot.js'), import('./chart-keys.js')]);
    this.#plot = plotIn(this.#frame, this.#key, () => this.#inkNow, {
      point: (index) => this.#point(index),
      select: this.#zoom,
      pick: this.#pick,
      silent: () => this.#columns.silent,
      span: () => this.#columns.span,
      marks: () => this.#marks,
      expected: () => this.#expected,
    });
    this.#fill();
    this.#resize();
    const zoomed = { zoom: this.#zoom, unzoom: this.#unzoom };
    followKeys(this.#frame, { times: () => this.#columns.time, cursor: () => this.#cursor, move: (time) => this.#move(time), pick: this.#pick, ...zoomed });
    if (this.closest('[data-zooms]')) (await import('./gestures.js')).followGestures(this.#plot, zoomed);
  }

  /**
   * The last values, shown in the heading until there are live points.
   * @param {import('../app/view.js').View['data']} data
   */
  setLast(data) {
    const last = data?.[this.#key] ?? null;
    if (last === this.#last) return;
    this.#last = last;
    this.#writeExtent();
    this.#read();
  }

  /** @param {number | null} old  Milliseconds; null: it is not. */
  setAge(old) {
    if (old === this.#old) return;
    this.#old = old;
    this.dataset.level = old === null ? 'normal' : 'old';
    this.#read();
  }

  /** @param {Columns} columns */
  draw(columns) {
    if (columns === this.#columns) return;
    this.#columns = columns;
    // Loaded after the first values: the library is larger than the rest of the page.
    if (columns.time.length > 0) this.#coming ??= this.#comes();
    this.#fill();
    this.#writeExtent();
    this.dataset.points = String(this.points);
    this.#read();
  }

  /** @param {readonly import('../app/alert.js').Alert[]} alerts  Of the vehicle. */
  setAlerts(alerts) {
    const marks = alerts.filter(({ signal }) => signal === this.#key);
    if (JSON.stringify(marks) === JSON.stringify(this.#marks)) return;
    this.#marks = marks;
    this.dataset.alerts = String(marks.length);
    this.#plot?.redraw(false);
  }

  /** @param {import('./expected.js').Expected | null} expected  The line behind the values. */
  setExpected(expected) {
    if (expected === this.#expected) return;
    this.#expected = expected;
    this.toggleAttribute('data-expected', expected !== null);
    this.#plot?.redraw(false);
  }

  /**
   * Marks a moment in the chart.
   * @param {number} at  Milliseconds.
   */
  mark(at) {
    this.#marked = at / 1000;
    this.#plot?.mark(this.#marked);
    const index = this.#columns.time.findLastIndex((time) => time <= at / 1000);
    if (index === this.#markedAt) return;
    this.#markedAt = index;
    this.#read();
  }

  /** Live, the area below the line is filled; otherwise the band has to be seen. */
  get #inkNow() {
    return this.#columns.bucket > 0 ? { ...this.#ink, area: 'transparent' } : this.#ink;
  }

  get #series() {
    return this.#columns.signals[this.#key] ?? NO_SERIES;
  }

  /** Called once the server has sent the signal's unit. */
  described() {
    setText(this.#label, signalOf(this.#key).label);
    this.#read();
  }

  /** @param {number | null} index */
  #point(index) {
    this.#cursor = index;
    this.#read();
  }

  #read() {
    const { bucket } = this.#columns;
    const { value } = this.#series;
    const shown = this.#cursor ?? (this.#marked === null ? null : Math.max(0, this.#markedAt));
    const at = valueAt(value, shown !== null && shown < value.length ? shown : value.findLastIndex(isKnown));
    setText(this.#value, show(this.#key, at < 0 && bucket === 0 ? this.#last : value[at], this.size));
    setText(this.#unit, unitOf(this.#key, this.size));
    setText(this.#when, this.#whenText(at));
  }

  /** @param {number} at  Index of the point that is read. */
  #whenText(at) {
    const { time, bucket } = this.#columns;
    if (this.#cursor === null && this.#old !== null) return oldText(this.#old);
    if (at < 0) return '';
    return bucket > 0 ? bucketTime(time[at], bucket) : this.#cursor !== null ? exactTime(time[at]) : '';
  }

  #fill() {
    const { value, high, low } = this.#series;
    this.#plot?.setData([this.#columns.time, value, high, low]);
    this.#plot?.mark(this.#marked);
  }

  /** From the lowest to the highest value; where there are no points, why. */
  #writeExtent() {
    this.size = sizeOf(this.#series) || Math.abs(this.#last ?? 0);
    const text = extentText(this.#key, this.#columns, this.#last);
    setText(this.#extent, text);
    this.dataset.none = this.#columns.none ?? (text === NOTHING ? '' : text);
  }

  /** @param {number} time  Seconds. */
  #move(time) {
    this.#plot.setCursor({ left: this.#plot.valToPos(time, 'x'), top: 0 }, true, true);
    this.#describe();
  }

  /**
   * Times are in seconds.
   * @param {number} from
   * @param {number} to
   */
  #zoom = (from, to) => this.dispatchEvent(new CustomEvent('zoom', { bubbles: true, detail: { from: from * 1000, to: to * 1000 } }));
  #unzoom = () => this.dispatchEvent(new Event('unzoom', { bubbles: true }));
  #pick = (/** @type {number} */ time) => this.dispatchEvent(new CustomEvent('pick', { bubbles: true, detail: time * 1000 }));

  #describe() {
    const { label } = signalOf(this.#key);
    this.#frame.setAttribute('aria-label', word('chart.label', {
      label, points: this.points, extent: this.#extent.textContent, value: `${this.#value.textContent} ${this.#unit.textContent}`, when: this.#when.textContent,
    }));
  }

  #resize() {
    this.#ink = inkOf(this);
    const { clientWidth: width, clientHeight: height } = this.#frame;
    if (width > 0 && height > 0) this.#plot?.setSize({ width, height });
    this.#plot?.mark(this.#marked);
  }

  #repaint() {
    this.#ink = inkOf(this);
    this.#plot?.redraw(false);
  }
});

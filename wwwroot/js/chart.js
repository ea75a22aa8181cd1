// @ts-check
import { inkOf, plotIn } from './plot.js';
import { exactTime } from './scales.js';
import { SIGNALS, format, signalKey } from './signals.js';
import { make, setText } from './text.js';

/** @typedef {import('./trail.js').Columns} Columns */

/** One signal over its last points: `<signal-chart data-chart="rpm">`. The heading reads the cursor's point, or the newest. */
customElements.define('signal-chart', class extends HTMLElement {
  #key = signalKey(this.dataset.chart);
  #value = make('span', 'chart-value');
  #extent = make('span', 'chart-extent');
  #when = make('span', 'chart-when');
  #frame = make('div', 'chart-frame');
  /** @type {Columns | null} */
  #columns = null;
  /** @type {number | null} */
  #cursor = null;
  /** @type {import('./plot.js').Plot} */
  #plot = null;
  #ink = inkOf(this);

  /** How many points are drawn. */
  get points() {
    return this.#column.filter((value) => value !== null).length;
  }

  connectedCallback() {
    const { label, unit, slot } = SIGNALS[this.#key];
    const head = make('div', 'chart-head');
    const reading = make('p', 'chart-reading');
    const foot = make('p', 'chart-foot');
    this.#value.dataset.value = '';
    this.#value.style.minInlineSize = `${slot}ch`;
    this.dataset.points = '0';
    this.#frame.tabIndex = 0;
    this.#frame.setAttribute('role', 'img');
    reading.append(this.#value, ' ', make('span', 'chart-unit', unit));
    head.append(make('h2', 'chart-label', label), reading);
    foot.append(this.#extent, this.#when);
    this.replaceChildren(head, foot, this.#frame);
    this.#plot = plotIn(this.#frame, this.#key, () => this.#ink, (index) => this.#point(index));
    new ResizeObserver(() => this.#resize()).observe(this.#frame);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#repaint());
    this.#frame.addEventListener('focus', () => this.#describe());
    this.#frame.addEventListener('blur', () => this.#plot?.setCursor({ left: -10, top: -10 }, true, true));
    this.#frame.addEventListener('keydown', (event) => this.#step(event));
    this.#read();
  }

  /** @param {Columns} columns */
  draw(columns) {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#plot?.setData([columns.time, this.#column]);
    this.dataset.points = String(this.points);
    this.#read();
  }

  get #column() {
    return this.#columns?.values[this.#key] ?? [];
  }

  /** @param {number | null} index */
  #point(index) {
    this.#cursor = index;
    this.#read();
  }

  #read() {
    const column = this.#column;
    const index = this.#cursor !== null && this.#cursor < column.length ? this.#cursor : column.length - 1;
    const time = this.#columns?.time[index];
    setText(this.#value, format(this.#key, column[index]));
    setText(this.#when, this.#cursor === null || time === undefined ? '' : exactTime(time));
    setText(this.#extent, this.#extentText());
  }

  #extentText() {
    const known = this.#column.filter((value) => value !== null);
    if (known.length === 0) return 'No reading yet';
    const [low, high] = [Math.min(...known), Math.max(...known)].map((value) => format(this.#key, value));
    return low === high ? low : `${low} to ${high}`;
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const last = this.#column.length - 1;
    const from = this.#cursor ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined || !this.#plot || last < 0) return;
    event.preventDefault();
    const time = this.#columns?.time[Math.min(last, Math.max(0, to))] ?? 0;
    this.#plot.setCursor({ left: this.#plot.valToPos(time, 'x'), top: 0 }, true, true);
    this.#describe();
  }

  #describe() {
    const { label, unit } = SIGNALS[this.#key];
    const when = this.#when.textContent ? ` at ${this.#when.textContent}` : '';
    this.#frame.setAttribute('aria-label',
      `${label}, chart of ${this.points} points from ${this.#extent.textContent}: ${this.#value.textContent} ${unit}${when}`);
  }

  #resize() {
    this.#ink = inkOf(this);
    const { clientWidth: width, clientHeight: height } = this.#frame;
    if (width > 0 && height > 0) this.#plot?.setSize({ width, height });
  }

  #repaint() {
    this.#ink = inkOf(this);
    this.#plot?.redraw(false);
  }
});

// @ts-check
import { extentOf } from '../app/columns.js';
import { TIME_STEPS, axisTime, roundTimes } from '../charts/chart-times.js';
import { valueRange } from '../app/scales.js';
import { show, unitOf } from '../app/signals.js';
import { svg } from '../app/svg.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { clockOf } from './drive-words.js';
import { profile } from './profile.js';

/** @typedef {import('../app/columns.js').Columns} Columns */

const STEP = 5000;
const LEAP = 60_000;
const LABELS = 7;

/**
 * The drive from its first to its last reading, drawn by its speed, and the cursor on it. Fires `hold` and `release` around a
 * drag, and `seek` with a moment in milliseconds.
 */
customElements.define('drive-timeline', class extends HTMLElement {
  #place = make('div', 'line-place');
  #silences = svg('svg', { class: 'profile line-silent', viewBox: '0 0 1000 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  #rest = profile();
  #played = profile();
  #head = make('div', 'line-head');
  #hint = make('div', 'line-hint');
  #ticks = make('div', 'line-ticks');
  #alerts = make('div', 'line-alerts');
  #input = document.createElement('input');
  #span = { from: 0, to: 1 };
  #now = 0;
  #isDragged = false;
  /** What is drawn. @type {import('../app/signals.js').SignalKey} */
  #key = 'vehicle_speed';
  /** @type {Columns | null} */
  #columns = null;
  /** @type {readonly import('../app/alert.js').Alert[]} */
  #marked = [];

  connectedCallback() {
    this.#input.type = 'range';
    this.#input.className = 'line-input';
    this.#input.setAttribute('aria-label', word('play.position'));
    this.#input.addEventListener('keydown', (event) => this.#step(event));
    this.#input.addEventListener('input', () => this.#go(Number(this.#input.value)));
    this.#input.addEventListener('focus', () => this.#describe());
    this.#played.element.classList.add('line-played');
    this.#hint.hidden = true;
    this.#ticks.setAttribute('aria-hidden', 'true');
    this.#place.append(this.#silences, this.#rest.element, this.#played.element, this.#alerts, this.#hint, this.#input, this.#head);
    this.replaceChildren(this.#place, this.#ticks);
    this.#place.addEventListener('pointerdown', (event) => this.#grip(event));
    this.#place.addEventListener('pointermove', (event) => this.#drag(event));
    for (const end of ['pointerup', 'pointercancel']) this.#place.addEventListener(end, () => this.#letGo());
    this.#place.addEventListener('pointerleave', () => this.#point(null));
    new ResizeObserver(() => this.#label()).observe(this.#place);
  }

  /** @param {import('../app/history.js').Span} span */
  open({ from, to }) {
    this.#span = { from, to };
    this.#columns = null;
    this.mark([]);
    Object.assign(this.#input, { min: String(from), max: String(to), step: '1' });
    for (const { draw } of [this.#rest, this.#played]) draw([], [], this.#span, [0, 1]);
    this.#silences.replaceChildren();
    this.#label();
  }

  /** @param {Columns} columns */
  draw(columns) {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#key = Object.keys(columns.signals).find((key) => extentOf(columns.signals[key])) ?? 'vehicle_speed';
    const { value } = columns.signals[this.#key];
    const [low, high] = extentOf(columns.signals[this.#key]) ?? [0, 1];
    this.dataset.signal = this.#key;
    for (const { draw } of [this.#rest, this.#played]) draw(columns.time, value, this.#span, valueRange(this.#key, low, high));
    const x = (/** @type {number} */ seconds) => 1000 * this.#part(seconds * 1000);
    this.#silences.replaceChildren(...columns.silent.map(([from, to]) => svg('rect', { x: String(x(from)), width: String(Math.max(0, x(to) - x(from))), height: '1' })));
    this.#describe();
  }

  /** @param {readonly import('../app/alert.js').Alert[]} alerts  That fired in the drive. */
  mark(alerts) {
    if (alerts === this.#marked) return;
    this.#marked = alerts;
    this.#alerts.replaceChildren(...alerts.map((alert) => {
      const mark = make('span', 'line-alert', alert.rule);
      mark.dataset.severity = alert.severity;
      mark.style.setProperty('--at', String(this.#part(alert.firedAt)));
      mark.style.setProperty('--to', String(this.#part(alert.clearedAt ?? this.#span.to)));
      return mark;
    }));
  }

  /** @param {number} now */
  show(now) {
    if (now === this.#now) return;
    this.#now = now;
    this.style.setProperty('--part', String(this.#part(now)));
    // Each change would be read out while it plays.
    if (document.activeElement !== this.#input) this.#describe();
  }

  /** After the cursor was moved or paused. */
  #describe() {
    this.#input.value = String(this.#now);
    this.#input.setAttribute('aria-valuetext', this.#textAt(this.#now));
  }

  /** @param {number} at */
  #textAt(at) {
    const index = this.#columns?.time.findLastIndex((time) => time <= at / 1000) ?? -1;
    const value = this.#columns?.signals[this.#key].value[index];
    const alert = this.#marked.find(({ firedAt, clearedAt }) => firedAt <= at && at < (clearedAt ?? Infinity));
    if (alert) return word('play.now', { time: clockOf(at), value: alert.rule });
    return value === null || value === undefined ? clockOf(at) : word('play.now', { time: clockOf(at), value: `${show(this.#key, value)} ${unitOf(this.#key, value)}` });
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const to = {
      ArrowLeft: this.#now - STEP, ArrowDown: this.#now - STEP, ArrowRight: this.#now + STEP, ArrowUp: this.#now + STEP,
      PageDown: this.#now - LEAP, PageUp: this.#now + LEAP, Home: this.#span.from, End: this.#span.to,
    }[event.key];
    if (event.key === ' ') this.dispatchEvent(new Event('toggle'));
    if (event.key === ' ' || to !== undefined) event.preventDefault();
    if (to !== undefined) this.#go(to);
  }

  /** @param {number} to */
  #go(to) {
    const at = Math.min(this.#span.to, Math.max(this.#span.from, to));
    this.dispatchEvent(new CustomEvent('seek', { detail: at }));
    this.show(at);
    this.#describe();
  }

  /** @param {PointerEvent} event */
  #grip(event) {
    if (event.button !== 0) return;
    this.#place.setPointerCapture(event.pointerId);
    this.#isDragged = true;
    this.#input.focus({ preventScroll: true });
    // Its own would begin a drag of what is selected.
    event.preventDefault();
    this.dispatchEvent(new Event('hold'));
    this.#drag(event);
  }

  /** @param {PointerEvent} event */
  #drag({ clientX, pointerType }) {
    const { left, width } = this.#place.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (clientX - left) / width));
    if (this.#isDragged) this.#go(this.#span.from + part * (this.#span.to - this.#span.from));
    this.#point(this.#isDragged || pointerType === 'mouse' ? part : null);
  }

  #letGo() {
    if (!this.#isDragged) return;
    this.#isDragged = false;
    this.#point(null);
    this.dispatchEvent(new Event('release'));
  }

  /** @param {number | null} part */
  #point(part) {
    this.#hint.hidden = part === null;
    if (part === null) return;
    setText(this.#hint, this.#textAt(this.#span.from + part * (this.#span.to - this.#span.from)));
    this.#hint.style.setProperty('--at', String(part));
  }

  #label() {
    const { from, to } = this.#span;
    const room = Math.max(2, Math.min(LABELS, Math.floor(this.#place.clientWidth / 96)));
    const step = TIME_STEPS.find((seconds) => (to - from) / 1000 / seconds <= room) ?? TIME_STEPS[TIME_STEPS.length - 1];
    this.#ticks.replaceChildren(...roundTimes(from, to, step).map((at) => {
      const label = make('span', 'line-tick', axisTime(at / 1000, step));
      label.style.setProperty('--at', String(this.#part(at)));
      return label;
    }));
  }

  /** @param {number} at */
  #part(at) {
    return Math.min(1, Math.max(0, (at - this.#span.from) / (this.#span.to - this.#span.from)));
  }
});

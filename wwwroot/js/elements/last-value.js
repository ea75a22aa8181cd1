// @ts-check
import { hourCycle } from '../app/units.js';
import { age } from '../app/age.js';
import { setText } from '../app/text.js';
import { locale, word } from '../app/words.js';

const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle });
const DAY = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle });

/**
 * Since when a car is parked and how far it last went, or how old its values are, unless they are live. Nothing is claimed of a car that was never heard.
 * @param {import('../app/view.js').View} view
 */
export function lastValueText(view) {
  if (!view.heard) return word(view.link.status === 'connected' ? 'last.none' : 'last.waiting');
  return view.state === 'offline' && view.dated && !view.isRecorded ? parkedText(view) : ageText(view);
}

/** @param {import('../app/view.js').View} view */
function ageText({ dated, age: since }) {
  return word('last.value', { age: dated === null ? '…' : dated ? age(since) : word('age.unknown') });
}

/** @param {import('../app/view.js').View} view */
function parkedText({ timestamp, now, lastDrive }) {
  const since = word('parked.since', { time: (new Date(timestamp).toDateString() === new Date(now).toDateString() ? TIME : DAY).format(timestamp) });
  return lastDrive === null ? since : `${since} · ${word('parked.drive', { distance: lastDrive })}`;
}

customElements.define('last-value', class extends HTMLElement {
  /** @param {import('../app/view.js').View} view */
  show(view) {
    this.hidden = view.state === 'running' || view.isMissing;
    setText(this, lastValueText(view));
    const title = view.heard ? ageText(view) : '';
    if (this.title !== title) this.title = title;
  }
});

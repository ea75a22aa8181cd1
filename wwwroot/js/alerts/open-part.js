// @ts-check
import { age } from '../app/age.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import './alert-list.js';

/**
 * @typedef {import('./alerts-page.js').PageView} PageView
 */

/** While the list is not whole, what comes would push a row out of view again. */
const NONE = { id: '', turn: 0 };

/** Open alerts, or that there are none. */
customElements.define('open-part', class extends HTMLElement {
  #list = /** @type {import('./alert-list.js').AlertList} */ (make('alert-list', ''));
  #note = make('p', 'part-note');
  #calm = make('div', 'calm');
  #title = make('p', 'calm-title');
  #text = make('p', 'quiet');
  #link = /** @type {HTMLAnchorElement} */ (make('a', 'button calm-link'));

  connectedCallback() {
    this.#note.setAttribute('role', 'status');
    this.#calm.append(make('span', 'calm-sign'), this.#title, this.#text, this.#link);
    this.replaceChildren(this.#note, this.#list, this.#calm);
  }

  /** @param {PageView} view */
  show({ open, watch, rules, nameOf, now, act, addressed }) {
    const { alert, part } = addressed;
    // Of very many, the list has the newest.
    const isWhole = watch.status !== 'loading';
    const alerts = alert && isWhole && part === 'open' && open.every(({ id }) => id !== alert.id) ? [alert, ...open] : open;
    const isEmpty = alerts.length === 0;
    this.#list.show({ alerts, nameOf, now, act, marked: isWhole ? addressed : NONE });
    this.dataset.status = watch.status;
    setText(this.#note, noteOf(watch) || addressed.problem);
    this.#calm.hidden = !isEmpty || watch.status === 'loading' || (watch.status === 'error' && watch.asOf === 0);
    const watching = rules.list.filter(({ rule }) => rule.enabled);
    const count = watching.length;
    const isUntold = count > 0 && watching.every(({ rule }) => rule.notify.length === 0);
    const isWatched = count > 0 || rules.status !== 'ready';
    this.#calm.dataset.watched = String(isWatched);
    this.#link.hidden = isWatched && !isUntold;
    this.#link.href = isUntold ? '#channels' : '#rules';
    setText(this.#link, word(isUntold ? 'open.channels' : 'open.rules'));
    setText(this.#title, word(isWatched ? 'open.none' : 'open.unwatched'));
    const text = word(count === 0 ? 'open.unwatched.text' : count === 1 ? 'open.none.one' : 'open.none.watched', { count });
    setText(this.#text, rules.status !== 'ready' ? '' : isUntold ? word('open.untold', { rules: text }) : text);
  }
});

/** @param {import('../app/open-alerts.js').OpenAlerts} watch */
function noteOf({ status, asOf }) {
  if (status === 'loading') return word('range.loading');
  if (status === 'ready') return '';
  return asOf === 0 ? word('open.unreadable') : word('open.old', { age: age(Date.now() - asOf) });
}

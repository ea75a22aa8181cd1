// @ts-check
import { length } from '../app/age.js';
import { amount, format, plain, whenText } from '../app/alert-words.js';
import { signalOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { lasting } from './rule-words.js';
import { isThreshold, thresholdOf } from './rule.js';

/**
 * @typedef {import('./rule.js').Rule} Rule
 * @typedef {import('./backtest.js').Backtest} Backtest
 */

const MAX_LISTED = 8;

/** What a rule would have done in the days that it is tried on, in words: how often it would have fired and when, and how near it came. */
customElements.define('trial-words', class extends HTMLElement {
  #count = make('p', 'trial-count');
  #near = make('p', 'trial-near');
  #list = make('ol', 'trial-list');

  connectedCallback() {
    this.#count.setAttribute('role', 'status');
    this.replaceChildren(this.#count, this.#near, this.#list);
  }

  /**
   * @param {Backtest} backtest
   * @param {Rule} rule
   * @param {(at: number) => string} hrefOf  Where a moment is shown.
   */
  show({ status, result, problem }, rule, hrefOf) {
    this.dataset.status = status;
    // The last answer stays, faint, until the next one has come: the count does not flicker below the finger.
    if (status === 'loading' && result) return;
    if (status === 'loading' || status === 'idle') setText(this.#count, status === 'idle' ? '' : word('trial.loading'));
    else if (!result) setText(this.#count, problemText(problem));
    else setText(this.#count, countText(result.fired));
    setText(this.#near, result ? nearText(result, rule) : '');
    const alerts = result?.alerts ?? [];
    this.dataset.fired = result ? String(result.fired) : '';
    this.#list.replaceChildren(...alerts.slice(-MAX_LISTED).reverse().map(({ from, to }) => {
      const item = make('li', 'trial-item');
      const link = /** @type {HTMLAnchorElement} */ (make('a', '', whenText(from)));
      link.href = hrefOf(from);
      item.append(link, ` ${to === null ? word('trial.open') : word('trial.lasted', { time: length(Math.max(1000, to - from)) })}`);
      return item;
    }), ...(result && result.fired > MAX_LISTED ? [make('li', 'trial-item quiet', word('trial.more', { count: result.fired - MAX_LISTED }))] : []));
  }
});

/** @param {number} fired */
function countText(fired) {
  return fired === 0 ? word('trial.none') : fired === 1 ? word('trial.once') : word('trial.times', { count: fired });
}

/** @param {import('../app/send.js').Answer | null} problem */
function problemText(problem) {
  if (problem?.status === 400) return word('trial.wrong');
  if (problem?.status === 503) return word('trial.busy');
  return problem?.status ? word('history.status', { status: problem.status }) : word('history.unreachable');
}

/**
 * How near the rule came to firing.
 * @param {import('./backtest.js').Result} result
 * @param {Rule} rule
 */
function nearText({ fired, longestWait, lowest, highest, readings }, rule) {
  const condition = rule.when.find(isThreshold);
  if (condition && readings === 0 && highest === null) return word('trial.never-judged', { signal: signalOf(condition.signal ?? '').label });
  const waited = longestWait > 0 && rule.for > 0 ? word('trial.wait', { waited: lasting(Math.round(longestWait * 10) / 10), time: lasting(rule.for) }) : '';
  const extreme = condition?.above !== undefined ? highest : lowest;
  if (!condition || extreme === null) return waited;
  const { unit } = signalOf(condition.signal ?? '');
  const gap = Math.abs(thresholdOf(condition) - extreme);
  const value = amount(format(condition.signal ?? '', extreme), unit);
  const key = condition.above !== undefined ? 'highest' : 'lowest';
  const isNever = condition.above !== undefined ? extreme <= condition.above : extreme >= thresholdOf(condition);
  const most = fired === 0 && isNever ? word(`trial.${key}.away`, { value, gap: amount(plain(Number(gap.toFixed(1))), unit) }) : word(`trial.${key}`, { value });
  return [waited, most].filter(Boolean).join(' ');
}

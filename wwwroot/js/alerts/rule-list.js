// @ts-check
import { age } from '../app/age.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { notifiedText, ruleText, vehiclesText } from './rule-words.js';

/** @typedef {import('./alerts-page.js').PageView} PageView */
/** @typedef {import('./rule.js').SavedRule} SavedRule */

/** Rules, one sentence each, with a switch. Fires `switch` with the rule that is to be switched. */
customElements.define('rule-list', class extends HTMLElement {
  #list = make('ul', 'rules');
  /** @type {Map<number, ReturnType<typeof ruleRow>>} */
  #rows = new Map();

  connectedCallback() {
    this.replaceChildren(this.#list);
  }

  /** @param {PageView} view */
  show({ rules, nameOf, now, open }) {
    const ids = new Set(rules.list.map(({ id }) => id));
    for (const [id, { element }] of this.#rows) {
      if (ids.has(id)) continue;
      element.remove();
      this.#rows.delete(id);
    }
    rules.list.forEach((saved, i) => {
      const row = this.#rows.get(saved.id) ?? ruleRow((of) => this.dispatchEvent(new CustomEvent('switch', { detail: of })));
      this.#rows.set(saved.id, row);
      row.show(saved, { nameOf, now, mayChange: rules.mayChange !== false, firing: open.filter(({ ruleId }) => ruleId === saved.id).length });
      if (this.#list.children[i] !== row.element) this.#list.insertBefore(row.element, this.#list.children[i] ?? null);
    });
  }
});

/** @param {(saved: SavedRule) => void} toggle */
function ruleRow(toggle) {
  const element = make('li', 'rule card');
  const mark = make('span', 'severity');
  const name = /** @type {HTMLAnchorElement} */ (make('a', 'rule-name'));
  const text = make('p', 'rule-text');
  const facts = make('p', 'rule-facts quiet');
  const frame = make('label', 'switch');
  const input = document.createElement('input');
  const head = make('h3', 'rule-head');
  /** @type {SavedRule | null} */
  let shown = null;
  input.type = 'checkbox';
  input.setAttribute('role', 'switch');
  input.addEventListener('change', () => shown && toggle(shown));
  frame.append(input, make('span', 'switch-track'));
  head.append(name);
  element.append(mark, head, text, facts, frame);
  return {
    element,
    /**
     * @param {SavedRule} saved
     * @param {{ nameOf: (id: number) => string, now: number, mayChange: boolean, firing: number }} context
     */
    show(saved, { nameOf, now, mayChange, firing }) {
      const { rule, id } = saved;
      shown = saved;
      element.dataset.rule = String(id);
      element.dataset.enabled = String(rule.enabled);
      mark.dataset.severity = rule.severity;
      setText(mark, word(`severity.${rule.severity}`));
      setText(name, rule.name);
      if (name.hash !== `#rule=${id}`) name.href = `#rule=${id}`;
      setText(text, ruleText(rule));
      setText(facts, [vehiclesText(rule, nameOf), notifiedText(saved), judgedText(saved, now), ...(firing > 0 ? [word(firing === 1 ? 'rule.firing.one' : 'rule.firing', { count: firing })] : [])].join(' · '));
      input.checked = rule.enabled;
      input.disabled = !mayChange;
      input.setAttribute('aria-label', word('rule.switch', { rule: rule.name }));
    },
  };
}

/**
 * A rule that cannot fire says so.
 * @param {SavedRule} saved
 * @param {number} now
 */
function judgedText({ rule, judged }, now) {
  if (!rule.enabled) return word('rule.off');
  const times = judged.flatMap(({ judgedAt }) => judgedAt ?? []);
  if (times.length === 0) return word('rule.never-judged');
  const values = { age: age(Math.max(0, now - Math.max(...times))), count: times.length };
  return word(times.length === 1 ? 'rule.judged.one' : 'rule.judged', values);
}

// @ts-check
import { reasonOf } from '../app/alert-words.js';
import { lateStyle } from '../app/late-style.js';
import { make, setText } from '../app/text.js';

await lateStyle('alert-line');

/** One alert as a line: a shape, the rule's name, and why. */
customElements.define('alert-line', class extends HTMLElement {
  #rule = make('strong', 'alert-rule');
  #reason = make('span', 'alert-reason');

  connectedCallback() {
    this.replaceChildren(this.#rule, ' ', this.#reason);
  }

  /** @param {import('../app/alert.js').Alert | null} alert */
  show(alert) {
    this.hidden = alert === null;
    if (!alert) return;
    this.dataset.severity = alert.severity;
    setText(this.#rule, alert.rule);
    setText(this.#reason, reasonOf(alert));
  }
});

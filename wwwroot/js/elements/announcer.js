// @ts-check
import { lostText } from '../app/faults.js';
import { setText } from '../app/text.js';
import { stateWord } from '../app/view.js';

/** Tells screen readers of a change of state, once; the numbers stay silent. */
customElements.define('state-announcer', class extends HTMLElement {
  connectedCallback() {
    this.setAttribute('role', 'status');
  }

  /** @param {import('../app/view.js').View} view */
  show(view) {
    if (view.state !== 'unknown') setText(this, `${view.name}: ${stateWord(view)}`);
    else if (view.linkLost) setText(this, `${view.name}: ${lostText(view.faults)}`);
  }
});

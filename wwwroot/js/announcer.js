// @ts-check
import { setText } from './text.js';

const SPOKEN = { running: 'Running', offline: 'Offline', unknown: 'Connection to the server lost' };

/** Tells screen readers of a change of state, once; the numbers stay silent. */
customElements.define('state-announcer', class extends HTMLElement {
  connectedCallback() {
    this.setAttribute('role', 'status');
  }

  /** @param {import('./view.js').View} view */
  show(view) {
    if (view.state !== 'unknown' || view.linkLost) setText(this, `${view.name}: ${SPOKEN[view.state]}`);
  }
});

// @ts-check
import { setText } from './text.js';
import { word } from './words.js';

/** Whether the car runs. Unknown as long as the link cannot tell. */
customElements.define('state-badge', class extends HTMLElement {
  /** @param {import('./view.js').View} view */
  show(view) {
    this.dataset.state = view.state;
    setText(this, word(`state.${view.state}`));
  }
});

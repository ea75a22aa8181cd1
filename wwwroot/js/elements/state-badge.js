// @ts-check
import { setText } from '../app/text.js';
import { stateWord } from '../app/view.js';

/** State of the car. Unknown without a connection. */
customElements.define('state-badge', class extends HTMLElement {
  /** @param {import('../app/view.js').View} view */
  show(view) {
    this.dataset.state = view.state;
    setText(this, stateWord(view));
  }
});

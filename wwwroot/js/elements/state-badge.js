// @ts-check
import { setText } from '../app/text.js';
import { word } from '../app/words.js';

/** Whether the car runs. Unknown as long as the link cannot tell. */
customElements.define('state-badge', class extends HTMLElement {
  /** @param {import('../app/view.js').View} view */
  show(view) {
    this.dataset.state = view.state;
    setText(this, word(`state.${view.state}`));
  }
});

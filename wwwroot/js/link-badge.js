// @ts-check
import { setText } from './text.js';
import { word } from './words.js';

/** The page's connection to the server, which is another matter than the car's. */
customElements.define('link-badge', class extends HTMLElement {
  /** @param {import('./view.js').Linked} view */
  show({ link, linkLost }) {
    this.dataset.link = link.status;
    setText(this, textOf(link, linkLost));
  }
});

/**
 * @param {import('./live.js').Link} link
 * @param {boolean} lost
 */
function textOf(link, lost) {
  if (link.status === 'waiting') return word('link.waiting', { seconds: Math.max(1, Math.ceil((link.retryAt - performance.now()) / 1000)) });
  if (link.status === 'connected') return word('link.connected');
  return word(lost ? 'link.reconnecting' : 'link.connecting');
}

// @ts-check
import { setText } from '../app/text.js';
import { word } from '../app/words.js';

/** The page's connection to the server, which is another matter than the car's, and what is wrong there. */
customElements.define('link-badge', class extends HTMLElement {
  /** @param {import('../app/view.js').Linked} view */
  show({ link, linkLost, faults }) {
    // Without a connection, when there will be the next try says more than that the server is away.
    const isFaulty = faults.some(({ kind }) => kind !== 'away' || link.status === 'connected');
    this.dataset.link = isFaulty ? 'faulty' : link.status;
    setText(this, isFaulty ? shortText(faults) : textOf(link, linkLost));
  }
});

/**
 * @param {import('../app/live.js').Link} link
 * @param {boolean} lost
 */
function textOf(link, lost) {
  if (link.status === 'waiting') return word('link.waiting', { seconds: Math.max(1, Math.ceil((link.retryAt - performance.now()) / 1000)) });
  if (link.status === 'connected') return word('link.connected');
  return word(lost ? 'link.reconnecting' : 'link.connecting');
}

/** @param {readonly import('../app/faults.js').Fault[]} faults  At least one. */
function shortText(faults) {
  const kinds = faults.map(({ kind }) => (kind === 'full' ? 'store' : kind));
  const areBoth = kinds[0] === 'broker' && kinds.includes('store');
  return word(areBoth ? 'fault.both.short' : `fault.${kinds[0]}.short`);
}

// @ts-check
import { isStoreInDoubt } from '../app/faults.js';
import { setText } from '../app/text.js';
import { word } from '../app/words.js';
import { dateOf } from './drive-words.js';

/** How many drives there are, and since when. */
customElements.define('drive-count', class extends HTMLElement {
  /**
   * @param {import('./drive-log.js').DriveLog} log
   * @param {import('../app/view.js').Linked} view
   */
  show({ list, status, since, until }, { faults }) {
    const count = list.length;
    const day = dateOf(since);
    if (status === 'loading' && count === 0) setText(this, word('drives.loading'));
    else if (count === 0 && (status === 'error' || isStoreInDoubt(faults))) setText(this, word('drives.unreadable'));
    else if (until !== Infinity) setText(this, word('drives.between', { count, day, until: dateOf(until) }));
    else if (count === 0) setText(this, word('drives.since.none', { day }));
    else setText(this, word(count === 1 ? 'drives.since.one' : 'drives.since', { count, day }));
  }
});

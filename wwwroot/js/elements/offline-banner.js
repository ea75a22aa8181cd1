// @ts-check
import { lostText } from '../app/faults.js';
import { lastValueText } from './last-value.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/** Says why the values stand still: the car is silent, or the page cannot hear it. */
customElements.define('offline-banner', class extends HTMLElement {
  #title = make('strong', '');
  #detail = make('span', '');

  connectedCallback() {
    this.#detail.dataset.lastValue = '';
    this.replaceChildren(this.#title, this.#detail);
  }

  /** @param {import('../app/view.js').View} view */
  show(view) {
    const title = titleOf(view);
    this.hidden = title === '';
    this.dataset.reason = view.linkLost ? 'link' : 'vehicle';
    this.hidden ||= view.isMissing;
    setText(this.#title, title);
    setText(this.#detail, detailOf(view));
  }
});

/** @param {import('../app/view.js').View} view */
function titleOf(view) {
  if (view.linkLost) return lostText(view.faults);
  if (view.state !== 'offline') return '';
  return view.heard ? view.name : word('last.none');
}

/** @param {import('../app/view.js').View} view */
function detailOf(view) {
  return view.heard ? lastValueText(view) : word('banner.begin');
}

// @ts-check
import { kept } from '../app/kept.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** Who is signed in, where alerts are sent, and what this is. */
customElements.define('about-server', class extends HTMLElement {
  connectedCallback() {
    const user = kept('user');
    const version = document.querySelector('[data-version]')?.textContent ?? '';
    const rows = make('dl', 'setting-facts');
    rows.append(
      row(word('settings.sign-in'), user === null ? word('settings.sign-in.none') : word('settings.sign-in.as', { user }), ' ', link('login.html?next=settings.html', word('login'))),
      row(word('settings.notifications'), word('settings.notifications.why'), ' ', link('alerts.html#channels', word('settings.notifications.link'))),
      row(word('settings.version'), version, ' · ', link('docs', word('settings.api'))),
      row(word('settings.licences'), word('settings.licences.why'), ' ', link('notices.txt', word('settings.licences.link'))),
    );
    this.replaceChildren(rows);
  }
});

/**
 * @param {string} href
 * @param {string} text
 */
function link(href, text) {
  const element = /** @type {HTMLAnchorElement} */ (make('a', '', text));
  element.href = href;
  return element;
}

/**
 * @param {string} name
 * @param {...(string | Node)} value
 */
function row(name, ...value) {
  const element = make('div', '');
  const place = make('dd', '');
  place.append(...value);
  element.append(make('dt', '', name), place);
  return element;
}

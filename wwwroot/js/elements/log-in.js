// @ts-check
import { keep } from '../app/kept.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';

/** The login form in the page. Returns to the page that required the login. */
customElements.define('log-in', class extends HTMLElement {
  async connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (this.querySelector('form'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#enter(form);
    });
    const response = await fetch('clock', { cache: 'no-store' }).catch(() => null);
    if (response?.ok) return goOn();
    keep('user', null);
    const problem = response?.status === 401 ? await response.json().catch(() => null) : null;
    if (problem?.login === false) form.replaceWith(make('p', 'entry-problem', word('login.tokens')));
  }

  /** @param {HTMLFormElement} form */
  async #enter(form) {
    const { username, password } = Object.fromEntries(new FormData(form));
    const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
    const problem = /** @type {HTMLElement} */ (form.querySelector('[role=alert]'));
    button.disabled = true;
    setText(problem, '');
    const response = await fetch('login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) }).catch(() => null);
    button.disabled = false;
    if (response?.ok) {
      keep('user', String(username));
      goOn();
    } else setText(problem, reasonOf(response));
  }
});

/** @param {Response | null} response */
function reasonOf(response) {
  if (!response) return word('history.unreachable');
  if (response.status === 401) return word('login.wrong');
  if (response.status === 429) return word('login.often', { seconds: response.headers.get('retry-after') ?? '60' });
  return word('history.status', { status: response.status });
}

/** Only to a page of this server: the address can be written by anybody. */
function goOn() {
  const home = new URL('./', document.baseURI);
  const next = new URL(new URL(location.href).searchParams.get('next') ?? '', home);
  location.replace(next.href.startsWith(home.href) ? next : home);
}

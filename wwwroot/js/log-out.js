// @ts-check
import { keep, kept } from './kept.js';
import { forgetLastKnown } from './last-known.js';
import { make } from './text.js';
import { word } from './words.js';

/** The way out, at the foot of the page, for who came in by the form. */
const user = kept('user');
if (user !== null) {
  const button = /** @type {HTMLButtonElement} */ (make('button', 'log-out', word('logout', { user })));
  button.type = 'button';
  button.addEventListener('click', async () => {
    const response = await fetch('logout', { method: 'POST' }).catch(() => null);
    if (!response?.ok) return;
    keep('user', null);
    forgetLastKnown();
    location.replace(new URL('login.html', document.baseURI));
  });
  document.querySelector('main')?.append(button);
}

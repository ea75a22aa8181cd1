// @ts-check
import { showAppBadge } from '../app/app-badge.js';
import { keep, kept } from '../app/kept.js';
import { forgetLastKnown } from '../app/last-known.js';
import { forgetOpenAlerts } from '../app/open-alerts.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';

/** The way out, at the foot of the page, for who came in by the form. */
const user = kept('user');
if (user !== null) {
  const button = /** @type {HTMLButtonElement} */ (make('button', 'log-out', word('logout', { user })));
  button.type = 'button';
  button.addEventListener('click', async () => {
    const response = await fetch('logout', { method: 'POST' }).catch(() => null);
    if (!response?.ok) return;
    if (kept('push') !== null) await (await import('../app/push.js')).turnOffPush().catch(() => {});
    showAppBadge(0);
    keep('user', null);
    forgetLastKnown();
    forgetOpenAlerts();
    location.replace(new URL('login.html', document.baseURI));
  });
  document.querySelector('main')?.append(button);
}

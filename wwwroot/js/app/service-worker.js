// @ts-check
import { kept } from './kept.js';

/** Served over HTTPS or from this machine, the pages can be installed and open without the network. */
const workers = isSecureContext ? navigator.serviceWorker : undefined;

workers?.register('sw.js').catch(() => {});

// Subscriptions vanish without a word, and the server may have another key: each start of a page looks.
if (workers && kept('push') !== null) import('./push.js').then(({ syncPush }) => syncPush()).catch(() => {});

// A server that comes back may bring another version of the pages, of which a screen that is never loaded again would not hear.
document.addEventListener('reconnected', async () => {
  const registration = await workers?.getRegistration();
  await registration?.update().catch(() => {});
});

// @ts-check
// The pages without the network. They are asked for first, so that a new version is there at once; what they load stands at an
// address that never means anything else, and is kept. Readings are not: a page keeps the last values itself.

// The server writes these two: what differs with any file of the pages, and all that stand below it.
const VERSION = '';
/** @type {string[]} */
const FILES = [];

const PAGES = ['./', 'analytics.html', 'fleet.html', 'drives.html', 'alerts.html'];
const KEPT = `pages-${VERSION}`;
const PATIENCE = 4000;

const worker = /** @type {any} */ (self);
const scope = new URL('./', location.href);

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== 'GET' || !request.url.startsWith(scope.href)) return;
  if (request.mode === 'navigate' && PAGES.some((page) => new URL(page, scope).pathname === path)) event.respondWith(page(request));
  else if (path.startsWith(`${scope.pathname}v/${VERSION}/`)) event.respondWith(file(request));
});

/** Takes in everything. What the page has loaded already comes from the browser's own cache. */
async function install() {
  const cache = await caches.open(KEPT);
  await cache.addAll([...PAGES.map((page) => new Request(page, { cache: 'no-cache' })), ...FILES.map((file) => `v/${VERSION}/${file}`)]);
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith('pages-') && name !== KEPT) await caches.delete(name);
  await worker.clients.claim();
}

/** @param {Request} request */
async function page(request) {
  const kept = await caches.match(request, { ignoreSearch: true });
  try {
    const response = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    // A proxy that cannot reach the server says so with one of these.
    return kept && [502, 503, 504].includes(response.status) ? kept : response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** @param {Request} request */
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(KEPT)).put(request, response.clone());
  return response;
}

// @ts-check
// The pages without the network. They are asked for first, so that a new version is there at once; what they load stands at an
// address that never means anything else, and is kept. Readings are not: a page keeps the last values itself.

// The server writes these two: what differs with any file of the pages, and all that stand below it.
const VERSION = '';
/** @type {string[]} */
const FILES = [];

const PAGES = ['./', 'analytics.html', 'fleet.html', 'drives.html', 'trips.html', 'alerts.html', 'settings.html'];
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

worker.addEventListener('push', (/** @type {any} */ event) => event.waitUntil(notify(event.data)));
worker.addEventListener('notificationclick', (/** @type {any} */ event) => event.waitUntil(act(event.notification, event.action)));
worker.addEventListener('pushsubscriptionchange', (/** @type {any} */ event) => event.waitUntil(subscribeAgain(event)));

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

/**
 * Shows something for every message, or the browser ends the subscription: also for one that cannot be read.
 * @param {any} data
 */
async function notify(data) {
  const { message, notification } = read(data);
  const { title, body, tag, lang, navigate, renotify, actions, data: more = {} } = notification;
  const options = {
    body, tag, lang, icon: 'icons/icon-192.png', data: { navigate, ack: more.ack },
    renotify: tag !== undefined && renotify === true,
    requireInteraction: more.severity === 'critical' && more.state === 'firing',
  };
  try {
    await worker.registration.showNotification(title, { ...options, actions: more.ack ? actions : [] });
  } catch {
    await worker.registration.showNotification(String(title), { body: String(body ?? '') });
  }
  // A message about several alerts replaces those that were shown of each.
  for (const alert of Array.isArray(more.alerts) ? more.alerts : []) {
    if (alert !== tag) for (const old of await worker.registration.getNotifications({ tag: String(alert) })) old.close();
  }
  const count = message.app_badge ?? notification.app_badge;
  if (Number.isSafeInteger(count) && count >= 0) await worker.navigator.setAppBadge?.(count).catch(() => {});
}

/**
 * The notification in a message (Declarative Web Push), or one that says that there is none.
 * @param {any} data
 */
function read(data) {
  try {
    const message = data.json();
    if (typeof message.notification.title === 'string' && message.notification.title !== '') return { message, notification: message.notification };
  } catch {
    // As below.
  }
  const body = isFrench() ? 'Un message illisible est arrivé. Les alertes sont sur la page.' : 'A message came that cannot be read. The page has the alerts.';
  return { message: {}, notification: { title: 'Telemetry', body, tag: 'unreadable' } };
}

/**
 * Acknowledges the alert, or opens its page.
 * @param {any} notification
 * @param {string} action
 */
async function act(notification, action) {
  const { navigate, ack } = notification.data ?? {};
  notification.close();
  if (action !== 'ack' || !isOwn(ack)) return open(isOwn(navigate) ? navigate : new URL('alerts.html', scope).href);
  const response = await fetch(ack, { method: 'POST' }).catch(() => null);
  // 409: it is over.
  if (response?.ok || response?.status === 409) return undefined;
  const body = isFrench() ? 'Le serveur n’a pas pu être joint.' : 'The server could not be reached.';
  return worker.registration.showNotification(notification.title, { body, tag: notification.tag, icon: 'icons/icon-192.png', data: notification.data, actions: notification.actions });
}

/**
 * Brings a page to the front that is open already, or opens it.
 * @param {string} address
 */
async function open(address) {
  const { pathname } = new URL(address);
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((/** @type {any} */ { url }) => new URL(url).pathname === pathname);
  if (!page) return worker.clients.openWindow(address);
  await page.focus().catch(() => {});
  // Its address is that of its beginning: which part it shows now is not in there.
  return page.navigate(address).catch(() => worker.clients.openWindow(address));
}

/**
 * The browser has ended its subscription, or has made another.
 * @param {any} event
 */
async function subscribeAgain({ oldSubscription, newSubscription }) {
  const { key } = await (await fetch('push/key')).json();
  const subscription = newSubscription ?? await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await request('POST', { ...subscription.toJSON(), language: isFrench() ? 'fr' : 'en' });
  if (oldSubscription && oldSubscription.endpoint !== subscription.endpoint) await request('DELETE', { endpoint: oldSubscription.endpoint });
}

/**
 * @param {string} method
 * @param {unknown} body
 */
function request(method, body) {
  return fetch('push/subscriptions', { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

/** @param {unknown} address */
function isOwn(address) {
  return typeof address === 'string' && address.startsWith(scope.href);
}

/** The page's own choice of language is out of reach here. */
function isFrench() {
  return navigator.language.startsWith('fr');
}

// @ts-check
import { kept, keep } from './kept.js';
import { send } from './send.js';
import { language } from './words.js';

/**
 * Alerts as notifications of this browser (Web Push). Why they cannot be: `insecure`: no HTTPS; `ios`: not on the Home Screen; `worker`: no
 * service worker; `unsupported`: no push; `denied`: blocked by the user; `channel`: the server has none for it; `service`: the browser does
 * not reach its push service; `full`: too many browsers; `server`: the server does not answer, or refuses.
 * @typedef {'insecure' | 'ios' | 'worker' | 'unsupported' | 'denied' | 'channel' | 'service' | 'full' | 'server'} Obstacle
 *
 * @typedef {object} PushState
 * @property {boolean} isOn
 * @property {Obstacle | ''} obstacle
 * @property {string} reason         Of the browser or the server, in their words.
 * @property {string} problem        Why the server does not reach the push service, in its words; empty: it does.
 * @property {readonly string[]} channels  Of the server, by name.
 */

/** The endpoint that the server got last; its presence means that notifications are wanted. */
const NAME = 'push';
const READY = 10_000;

/** @type {PushState} */
const OFF = { isOn: false, obstacle: '', reason: '', problem: '', channels: [] };

/**
 * What keeps this browser from it, before anybody is asked.
 * @returns {Obstacle | ''}
 */
function obstacle() {
  if (!isSecureContext) return 'insecure';
  if (isOnIos() && !isInstalled()) return 'ios';
  if (!navigator.serviceWorker) return 'worker';
  if (!('PushManager' in globalThis) || !('Notification' in globalThis)) return 'unsupported';
  return Notification.permission === 'denied' ? 'denied' : '';
}

function isOnIos() {
  return /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1);
}

function isInstalled() {
  return matchMedia('(display-mode: standalone)').matches || /** @type {any} */ (navigator).standalone === true;
}

/**
 * How things stand, as browser and server see it. Where notifications are wanted, what has been lost is made anew.
 * @returns {Promise<PushState>}
 */
export async function syncPush() {
  const found = obstacle();
  if (found) return { ...OFF, obstacle: found };
  const server = await serverKey();
  if (typeof server === 'string') return { ...OFF, obstacle: 'server', reason: server };
  const state = { ...OFF, channels: server.channels };
  const registration = await readyWorker();
  if (!registration) return { ...state, obstacle: 'worker' };
  if (kept(NAME) !== null && Notification.permission === 'granted') return inTurn(() => subscribe(registration, server));
  return server.channels.length > 0 ? state : { ...state, obstacle: 'channel' };
}

/**
 * To be called by a tap: only then browsers ask for the permission.
 * @returns {Promise<PushState>}
 */
export async function turnOnPush() {
  const found = obstacle();
  if (found) return { ...OFF, obstacle: found };
  if (await Notification.requestPermission() !== 'granted') return { ...OFF, obstacle: obstacle() };
  const [server, registration] = await Promise.all([serverKey(), readyWorker()]);
  if (typeof server === 'string') return { ...OFF, obstacle: 'server', reason: server };
  if (!registration) return { ...OFF, obstacle: 'worker', channels: server.channels };
  return inTurn(() => subscribe(registration, server));
}

/** @returns {Promise<void>} */
export function turnOffPush() {
  return inTurn(unsubscribe);
}

async function unsubscribe() {
  const endpoint = kept(NAME);
  keep(NAME, null);
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe().catch(() => {});
  for (const one of new Set([endpoint, subscription?.endpoint])) if (one) await send('DELETE', 'push/subscriptions', { endpoint: one });
}

/**
 * Asks for a test message.
 * @returns {Promise<import('./send.js').Answer>}
 */
export function testPush() {
  return send('POST', 'push/test', { endpoint: kept(NAME) ?? '' });
}

/**
 * Two tabs, or two parts of a page, would end each other's new subscription, and the server would keep one that is dead.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function inTurn(work) {
  return navigator.locks.request(NAME, work);
}

/** @returns {Promise<{ key: string, channels: string[] } | string>}  What is wrong, if it is a text. */
async function serverKey() {
  const { status, body } = await send('GET', 'push/key');
  if (status === 200 && typeof body?.key === 'string') return { key: body.key, channels: Array.isArray(body.channels) ? body.channels : [] };
  return String(body?.detail ?? (status || ''));
}

async function readyWorker() {
  // On a first visit it is being registered at this moment; doing so again answers with the same one.
  const registration = await navigator.serviceWorker.register('sw.js').catch(() => navigator.serviceWorker.getRegistration());
  if (!registration) return undefined;
  return Promise.race([navigator.serviceWorker.ready, new Promise((done) => setTimeout(done, READY, undefined))]);
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {{ key: string, channels: string[] }} server
 * @returns {Promise<PushState>}
 */
async function subscribe({ pushManager }, { key, channels }) {
  const state = { ...OFF, channels };
  const wanted = bytesOf(key);
  try {
    let subscription = await pushManager.getSubscription();
    // With another key, a browser refuses to subscribe until it has unsubscribed.
    if (subscription && !isSame(subscription.options.applicationServerKey, wanted)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
    // The server writes its messages in these two.
    const answer = await send('POST', 'push/subscriptions', { ...subscription.toJSON(), language: language === 'fr' ? 'fr' : 'en' });
    return await learn(subscription.endpoint, answer, state);
  } catch (error) {
    return { ...state, obstacle: 'service', reason: /** @type {Error} */ (error).message };
  }
}

/**
 * @param {string} endpoint
 * @param {import('./send.js').Answer} answer
 * @param {PushState} state
 * @returns {Promise<PushState>}
 */
async function learn(endpoint, { status, body }, state) {
  const before = kept(NAME);
  // 429: it got the same a moment ago.
  if (status !== 200 && status !== 201 && !(status === 429 && before === endpoint)) return { ...state, obstacle: status === 409 ? 'full' : 'server', reason: String(body?.detail ?? '') };
  keep(NAME, endpoint);
  if (before && before !== endpoint) await send('DELETE', 'push/subscriptions', { endpoint: before });
  return { ...state, isOn: true, obstacle: state.channels.length > 0 ? '' : 'channel', problem: typeof body?.problem === 'string' ? body.problem : '' };
}

/**
 * @param {ArrayBuffer | null} known  Null: the browser does not say.
 * @param {Uint8Array} wanted
 */
function isSame(known, wanted) {
  return known === null || new Uint8Array(known).toString() === wanted.toString();
}

/** @param {string} text  base64url. */
function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

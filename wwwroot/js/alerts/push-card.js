// @ts-check
import { syncPush, testPush, turnOffPush, turnOnPush } from '../app/push.js';
import { make, setText } from '../app/text.js';
import { language, word } from '../app/words.js';
import { button } from './fields.js';

/** @typedef {import('../app/push.js').PushState} PushState */

/** Notifications of this browser: how that stands, why it cannot be, and the way there. */
customElements.define('push-card', class extends HTMLElement {
  #title = make('h3', 'channel-name', word('push.title'));
  #text = make('p', 'channel-text');
  #reason = make('p', 'channel-reason');
  #result = make('p', 'channel-result');
  #on = button(word('push.on'), 'button button-main', () => this.#run(turnOnPush));
  #off = button(word('push.off'), 'button', () => this.#run(async () => {
    await turnOffPush();
    return syncPush();
  }));
  #test = button(word('channels.test'), 'button', () => this.#sendTest());

  connectedCallback() {
    const actions = make('div', 'channel-actions');
    this.classList.add('channel', 'card');
    this.#reason.lang = 'en';
    this.#result.setAttribute('role', 'status');
    this.#test.setAttribute('aria-label', word('push.test.label'));
    actions.append(this.#on, this.#test, this.#off);
    this.replaceChildren(this.#title, this.#text, this.#reason, actions, this.#result);
    this.#draw(null);
  }

  load() {
    return this.#run(syncPush);
  }

  /** @param {() => Promise<PushState>} ask */
  async #run(ask) {
    setText(this.#result, '');
    this.#on.disabled = this.#off.disabled = true;
    const state = await ask().catch((error) => /** @type {PushState} */ ({ isOn: false, obstacle: 'service', reason: String(error?.message ?? ''), problem: '', channels: [] }));
    this.#on.disabled = this.#off.disabled = false;
    this.#draw(state);
    // On a slow line the service worker is not installed in time, and is there a little later.
    if (state.obstacle === 'worker') navigator.serviceWorker?.ready.then(() => this.load());
  }

  /** @param {PushState | null} state  Null: not known yet. */
  #draw(state) {
    const { isOn = false, obstacle = '', reason = '', problem = '', channels = [] } = state ?? {};
    this.dataset.push = state === null ? 'unknown' : isOn ? 'on' : obstacle ? 'blocked' : 'off';
    this.dataset.obstacle = obstacle || (problem ? 'internet' : '');
    setText(this.#text, state === null ? word('range.loading') : textOf(state));
    setText(this.#reason, problem || reason);
    // Hidden only if another try cannot help.
    this.#on.hidden = state === null || isOn || ['insecure', 'ios', 'worker', 'unsupported', 'denied', 'channel'].includes(obstacle);
    this.#off.hidden = this.#test.hidden = !isOn;
    this.#title.title = channels.join(', ');
  }

  async #sendTest() {
    this.#test.disabled = true;
    setText(this.#result, word('channels.sending'));
    const { status, body } = await testPush();
    this.#test.disabled = false;
    setText(this.#result, status === 200 ? word('push.tested') : (language === 'en' && body?.detail) || word(status === 404 ? 'push.unknown' : status === 0 ? 'history.unreachable' : 'channels.failed'));
    // The push service may have ended it: then the server does not know it any more.
    if (status === 404) await this.load();
  }
});

/** @param {PushState} state */
function textOf({ isOn, obstacle, problem, channels }) {
  if (isOn && problem) return word('push.internet');
  if (isOn && obstacle === '') return word('push.is-on', { channels: channels.join(', ') });
  return obstacle === '' ? word('push.is-off') : word(`push.${obstacle}`);
}

// @ts-check
import { age } from '../app/age.js';
import { utc } from '../app/message.js';
import { send } from '../app/send.js';
import { make, setText } from '../app/text.js';
import { language, word } from '../app/words.js';
import { button } from './fields.js';

/**
 * @typedef {object} Channel  As the server sends it.
 * @property {string} name
 * @property {'webhook' | 'smtp' | 'mqtt' | 'push'} kind
 * @property {string | null} problem
 * @property {string | null} last_success
 * @property {number} waiting
 */

/**
 * One channel: where it leads, how it goes, and a test.
 * @param {string} name
 */
function channelRow(name) {
  const element = make('li', 'channel card');
  const title = make('h3', 'channel-name', name);
  const text = make('p', 'channel-text');
  const reason = make('p', 'channel-reason');
  const result = make('p', 'channel-result');
  const actions = make('div', 'channel-actions');
  const test = button(word('channels.test'), 'button', async () => {
    test.disabled = true;
    setText(result, word('channels.sending'));
    const { status, body } = await send('POST', `alerts/channels/${encodeURIComponent(name)}/test`);
    test.disabled = false;
    element.dataset.tested = status === 200 ? 'sent' : 'failed';
    setText(result, status === 200 ? word('channels.sent') : (language === 'en' && body?.detail) || word(status === 0 ? 'history.unreachable' : 'channels.failed'));
  });
  reason.lang = 'en';
  result.setAttribute('role', 'status');
  test.setAttribute('aria-label', word('channels.test.of', { channel: name }));
  actions.append(test);
  element.dataset.channel = name;
  element.append(title, text, reason, actions, result);
  return {
    element,
    /** @param {Channel} channel */
    show({ kind, problem, last_success: success, waiting }) {
      const at = utc(success ?? undefined);
      element.dataset.status = problem ? 'failed' : 'ready';
      setText(text, [
        word(`channel.${kind}`),
        problem ? word('channels.problem') : Number.isNaN(at) ? word('channels.unused') : word('channels.last', { age: age(Math.max(0, Date.now() - at)) }),
        ...(waiting > 0 ? [word('channels.waiting', { count: waiting })] : []),
      ].join(' · '));
      setText(reason, problem ?? '');
    },
  };
}

/** The channels of the server. */
customElements.define('channel-list', class extends HTMLElement {
  #list = make('ul', 'channels');
  /** @type {Map<string, ReturnType<typeof channelRow>>} */
  #rows = new Map();

  connectedCallback() {
    this.replaceChildren(this.#list);
  }

  /** @param {readonly Channel[]} channels */
  show(channels) {
    const names = new Set(channels.map(({ name }) => name));
    for (const [name, { element }] of this.#rows) {
      if (names.has(name)) continue;
      element.remove();
      this.#rows.delete(name);
    }
    for (const channel of channels) {
      const row = this.#rows.get(channel.name) ?? channelRow(channel.name);
      this.#rows.set(channel.name, row);
      row.show(channel);
      if (!row.element.isConnected) this.#list.append(row.element);
    }
  }
});

// @ts-check
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { brokerFacts } from '../elements/broker-facts.js';
import { factList } from '../elements/fact-list.js';
import { messageList } from '../elements/message-list.js';
import { problemOf } from './problem.js';

const AGAIN = 5000;

/** Broker and store as they are, and the last rejected messages. */
customElements.define('connection-info', class extends HTMLElement {
  #broker = make('div', '');
  #store = make('div', '');
  #rejected = make('div', '');
  #problem = make('p', 'setting-problem');
  #shown = '';

  connectedCallback() {
    this.replaceChildren(
      this.#problem, make('h3', '', word('settings.broker')), this.#broker, make('h3', '', word('settings.store')), this.#store,
      make('h3', '', word('settings.rejected')), this.#rejected,
    );
    this.#ask();
    setInterval(() => document.hidden || this.#ask(), AGAIN);
  }

  async #ask() {
    const [ingest, ready] = await Promise.all(['ingest', 'health/ready'].map((path) => fetch(path, { cache: 'no-store' }).catch(() => null)));
    setText(this.#problem, ingest?.ok ? '' : problemOf(ingest?.status ?? 0, null));
    const info = ingest?.ok ? await ingest.json().catch(() => null) : null;
    const checks = (await ready?.json().catch(() => null))?.checks;
    const shown = JSON.stringify([info?.broker, info?.rejected, checks?.broker?.problem, checks?.store]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (info) this.#showBroker(info, checks?.broker?.problem ?? word('settings.works'));
    if (checks?.store) this.#showStore(checks.store);
  }

  /**
   * @param {{ broker: import('../elements/broker-facts.js').Broker, rejected: import('../elements/message-list.js').RecentMessage[] }} info
   * @param {string} state
   */
  #showBroker({ broker, rejected }, state) {
    this.#broker.replaceChildren(factList([[word('broker.kind'), word(broker.is_embedded ? 'broker.embedded' : 'broker.outside')], ...brokerFacts(broker), [word('settings.state'), state]]));
    this.#rejected.replaceChildren(rejected.length > 0 ? messageList(rejected) : make('p', 'quiet', word('messages.none')));
  }

  /** @param {{ kind: string, mode: string, problem: string | null, spooled: number }} store */
  #showStore({ kind, mode, problem, spooled }) {
    this.#store.replaceChildren(factList([
      [word('settings.store.kind'), kind], [word('settings.state'), problem ?? word(mode === 'direct' ? 'settings.works' : 'settings.spooling')], [word('settings.spooled'), String(spooled)],
    ]));
  }
});

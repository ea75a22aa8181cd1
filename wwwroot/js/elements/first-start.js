// @ts-check
import { lateStyle } from '../app/late-style.js';
import { make, setText } from '../app/text.js';
import { learnBook, word } from '../app/words.js';

await Promise.all([learnBook('settings'), lateStyle('connection')]);
const [{ brokerFacts }, { copyButton }, { factList }, { messageList }] = await Promise.all([import('./broker-facts.js'), import('./copy-button.js'), import('./fact-list.js'), import('./message-list.js')]);

const AGAIN = 2000;
const MAX_MESSAGES = 8;
const DEMO = 'dotnet run --project Telemetry.Api -- --demo';

/** Before any car was heard: what to enter in the dongle, the messages as they come and what was made of them, and the demo. */
customElements.define('first-start', class extends HTMLElement {
  #facts = make('div', '');
  #problem = make('p', 'quiet');
  #messages = make('div', 'start-messages');
  #waiting = make('p', 'quiet', word('start.waiting'));
  #askedAt = -Infinity;
  #shown = '';

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const demo = make('p', 'quiet', word('start.demo'));
    const command = make('p', '');
    command.append(make('code', 'start-command', DEMO), copyButton(word('start.demo.name'), DEMO));
    this.#messages.setAttribute('aria-live', 'polite');
    this.append(
      make('h2', '', word('start')), make('p', 'quiet', word('start.why')), this.#facts, this.#problem,
      make('h3', '', word('start.messages')), this.#waiting, this.#messages, demo, command,
    );
  }

  /** @param {boolean} isWanted */
  show(isWanted) {
    this.hidden = !isWanted;
    document.body.toggleAttribute('data-start', isWanted);
    if (!isWanted || document.hidden || performance.now() - this.#askedAt < AGAIN) return;
    this.#askedAt = performance.now();
    this.#ask();
  }

  async #ask() {
    const response = await fetch('ingest', { cache: 'no-store' }).catch(() => null);
    if (response?.status === 403) setText(this.#problem, word('settings.forbidden'));
    const info = response?.ok ? await response.json().catch(() => null) : null;
    const shown = JSON.stringify(info);
    if (!info || shown === this.#shown) return;
    this.#shown = shown;
    this.#facts.replaceChildren(factList(brokerFacts(info.broker)));
    this.#waiting.hidden = info.messages.length > 0;
    this.#messages.replaceChildren(messageList(info.messages.slice(0, MAX_MESSAGES)));
  }
});

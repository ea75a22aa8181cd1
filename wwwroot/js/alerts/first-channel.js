// @ts-check
import { lateStyle } from '../app/late-style.js';
import { make } from '../app/text.js';
import { learnBook, word } from '../app/words.js';
import { copyButton } from '../elements/copy-button.js';

await Promise.all([learnBook('settings'), lateStyle('connection')]);

/** The shortest way to a first channel, for a server that has none. */
customElements.define('first-channel', class extends HTMLElement {
  connectedCallback() {
    if (this.childElementCount > 0) return;
    const command = `dotnet run --project Telemetry.Api -- --Alerts:Channels:me:Webhook=https://ntfy.sh --Alerts:Channels:me:Body=ntfy:${topic()}`;
    const line = make('p', 'channel-text');
    line.append(make('code', 'start-command', command), ' ', copyButton(word('channels.first'), command));
    this.classList.add('channel', 'card');
    this.append(make('h3', 'channel-name', word('channels.first')), make('p', 'channel-text', word('channels.first.how')), line, make('p', 'channel-text', word('channels.first.more')));
  }
});

/** The name of a topic of ntfy is enough to read it: this one cannot be guessed. */
function topic() {
  return `my-cars-${[...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(36).padStart(2, '0')).join('')}`;
}

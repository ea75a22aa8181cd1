// @ts-check
import { MAX_CARDS, pinCards } from '../app/card-choice.js';
import { lateStyle } from '../app/late-style.js';
import { send } from '../app/send.js';
import { signalOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { learnBook, word } from '../app/words.js';

await Promise.all([learnBook('signals'), lateStyle('card-tools')]);

/** Pins, unpins and moves cards, in this browser or for everybody. Fires `arranged`. */
customElements.define('card-tools', class extends HTMLElement {
  /** @type {number | null} */
  #vehicleId = null;
  /** @type {readonly string[]} */
  #keys = [];
  #status = make('span', 'quiet');
  #open = button(word('cards.arrange'), () => this.#toggle());
  #rest = [button(word('cards.default'), () => this.#keepForAll()), button(word('cards.reset'), () => this.#pin(null))];

  connectedCallback() {
    this.#status.setAttribute('role', 'status');
    this.#open.setAttribute('aria-pressed', 'false');
    this.replaceChildren(this.#open, ...this.#rest, this.#status);
    for (const element of this.#rest) element.hidden = true;
    document.addEventListener('click', (event) => this.#act(/** @type {Element} */ (event.target).closest?.('[data-card-act]')));
  }

  /**
   * @param {number | null} vehicleId
   * @param {readonly string[]} keys  Of the cards that are shown.
   */
  show(vehicleId, keys) {
    this.#vehicleId = vehicleId;
    this.#keys = keys;
    if (!this.#isOpen) return;
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('kpi-card:not([hidden])'))) this.#equip(card, card.dataset.signal ?? '', true);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('reading-list [data-signal]'))) this.#equip(row, row.dataset.signal ?? '', false);
  }

  get #isOpen() {
    return document.body.hasAttribute('data-arrange');
  }

  #toggle() {
    const isOpen = document.body.toggleAttribute('data-arrange');
    this.#open.setAttribute('aria-pressed', String(isOpen));
    setText(this.#open, word(isOpen ? 'cards.done' : 'cards.arrange'));
    setText(this.#status, '');
    for (const element of this.#rest) element.hidden = !isOpen;
    if (!isOpen) for (const tools of document.querySelectorAll('.card-acts')) tools.remove();
    this.show(this.#vehicleId, this.#keys);
  }

  /**
   * @param {HTMLElement} place
   * @param {string} key
   * @param {boolean} isCard
   */
  #equip(place, key, isCard) {
    const isPinned = this.#keys.includes(key);
    const known = /** @type {HTMLElement | null} */ (place.querySelector('.card-acts'));
    if (known?.dataset.pinned === String(isPinned)) return;
    known?.remove();
    const tools = make('span', 'card-acts');
    const { label } = signalOf(key);
    tools.dataset.pinned = String(isPinned);
    const acts = isCard ? /** @type {const} */ (['earlier', 'later', 'unpin']) : isPinned ? /** @type {const} */ (['unpin']) : /** @type {const} */ (['pin']);
    tools.append(...acts.map((act) => {
      const element = button({ earlier: '←', later: '→', unpin: '✕', pin: word('cards.pin') }[act], () => {});
      Object.assign(element.dataset, { cardAct: act, cardKey: key });
      element.setAttribute('aria-label', word(`cards.${act}.of`, { label }));
      return element;
    }));
    (isCard ? place : place.querySelector('dt') ?? place).append(tools);
  }

  /** @param {any} target */
  #act(target) {
    if (!target) return;
    const { cardAct: act, cardKey: key } = target.dataset;
    const keys = this.#keys.filter((one) => one !== key);
    const at = this.#keys.indexOf(key);
    if (act === 'pin') keys.push(key);
    if (act === 'earlier') keys.splice(Math.max(0, at - 1), 0, key);
    if (act === 'later') keys.splice(at + 1, 0, key);
    if (keys.length > 0 && keys.length <= MAX_CARDS) this.#pin(keys);
    /** @type {HTMLElement | null} */ (document.querySelector(`kpi-card [data-card-act="${act}"][data-card-key="${CSS.escape(key)}"]`))?.focus();
  }

  /** @param {string[] | null} keys */
  #pin(keys) {
    if (this.#vehicleId === null) return;
    pinCards(this.#vehicleId, keys);
    for (const tools of document.querySelectorAll('.card-acts')) tools.remove();
    setText(this.#status, '');
    this.dispatchEvent(new Event('arranged'));
  }

  async #keepForAll() {
    const { status } = await send('PATCH', `vehicles/${this.#vehicleId}`, { cards: this.#keys });
    setText(this.#status, status === 200 ? word('cards.kept') : status === 403 ? word('cards.forbidden') : word('history.status', { status }));
  }
});

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const element = /** @type {HTMLButtonElement} */ (make('button', 'card-act', text));
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

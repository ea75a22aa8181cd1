// @ts-check
import { send } from '../app/send.js';
import { make, setText } from '../app/text.js';
import { word } from '../app/words.js';
import { button, input, labelled } from './form.js';
import { problemOf } from './problem.js';

/** Deletes a vehicle once its name has been typed. Fires `outcome` with a text, and `changed`. */
customElements.define('vehicle-deletion', class extends HTMLElement {
  #vehicleId = 0;
  #name = '';
  #typed = labelled('', input('text', { autocomplete: 'off', spellcheck: 'false' }));
  #sure = make('div', 'vehicle-deleting');
  #open = button(word('vehicle.delete'), () => this.#ask(), 'button button-danger');
  #now = button(word('vehicle.delete.now'), () => this.#remove(), 'button button-danger');

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.#sure.hidden = true;
    this.#open.setAttribute('aria-expanded', 'false');
    this.#typed.field.addEventListener('input', () => this.#check());
    this.#sure.append(make('p', '', word('vehicle.delete.why')), this.#typed.frame, this.#now);
    this.append(this.#open, this.#sure);
  }

  /**
   * @param {number} vehicleId
   * @param {string} name
   */
  show(vehicleId, name) {
    this.#vehicleId = vehicleId;
    this.#name = name;
    setText(/** @type {Element} */ (this.#typed.frame.firstElementChild), word('vehicle.delete.type', { name }));
    this.#check();
  }

  #ask() {
    this.#sure.hidden = !this.#sure.hidden;
    this.#open.setAttribute('aria-expanded', String(!this.#sure.hidden));
    this.#typed.field.value = '';
    this.#check();
    if (!this.#sure.hidden) this.#typed.field.focus();
  }

  #check() {
    this.#now.disabled = this.#typed.field.value.trim() !== this.#name;
  }

  async #remove() {
    this.#now.disabled = true;
    const { status, body } = await send('DELETE', `vehicles/${this.#vehicleId}`);
    this.dispatchEvent(new CustomEvent('outcome', { detail: status === 204 ? word('vehicle.deleted') : problemOf(status, body) }));
    if (status === 204) this.#ask();
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }
});

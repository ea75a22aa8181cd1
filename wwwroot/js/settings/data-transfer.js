// @ts-check
import { make, setText } from '../app/text.js';
import { nameOf } from '../app/view.js';
import { word } from '../app/words.js';
import { button, input } from './form.js';
import { problemOf } from './problem.js';

// Browsers drop downloads that begin at the same instant.
const BETWEEN = 500;

/** Files of readings, in and out. */
customElements.define('data-transfer', class extends HTMLElement {
  #drop = make('label', 'drop');
  #file = input('file', { accept: '.csv,text/csv,text/plain', multiple: '' });
  #status = make('p', 'setting-status');
  #exports = make('p', 'export-links');
  #all = button(word('export.all'), () => this.#saveAll());
  #shown = '';

  connectedCallback() {
    this.#file.className = 'visually-hidden';
    this.#status.setAttribute('role', 'status');
    this.#drop.append(this.#file, make('strong', '', word('import.drop')), make('span', 'quiet', word('import.why')));
    this.#file.addEventListener('change', () => this.#take([...(this.#file.files ?? [])]));
    for (const type of ['dragover', 'dragleave', 'drop']) {
      this.#drop.addEventListener(type, (event) => {
        event.preventDefault();
        this.#drop.toggleAttribute('data-over', type === 'dragover');
      });
    }

    this.#drop.addEventListener('drop', (event) => this.#take([...(event.dataTransfer?.files ?? [])]));
    this.replaceChildren(make('h3', '', word('import')), this.#drop, this.#status, make('h3', '', word('export.everything')), make('p', 'quiet', word('export.why')), this.#exports, this.#all);
  }

  /** @param {readonly import('../app/roster.js').Entry[]} roster */
  show(roster) {
    const links = roster.filter(({ lastSeen }) => lastSeen !== null).map((entry) => ({ id: entry.vehicleId, name: nameOf(entry, entry.vehicleId) }));
    const shown = JSON.stringify(links);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#all.hidden = links.length < 2;
    this.#exports.replaceChildren(...links.map(({ id, name }) => {
      const link = /** @type {HTMLAnchorElement} */ (make('a', 'button', name));
      link.href = `telemetry/export?vehicle_id=${id}&from=2000-01-01T00:00:00Z`;
      link.download = '';
      link.setAttribute('aria-label', word('export.of', { name }));
      return link;
    }));
  }

  #saveAll() {
    [...this.#exports.querySelectorAll('a')].forEach((link, i) => setTimeout(() => link.click(), i * BETWEEN));
  }

  /** @param {File[]} files */
  async #take(files) {
    for (const file of files) {
      const { name } = file;
      setText(this.#status, word('import.running', { name }));
      const response = await fetch('telemetry/import', { method: 'POST', body: file, headers: { 'content-type': 'text/csv' } }).catch(() => null);
      const body = await response?.json().catch(() => null);
      const isDone = response?.ok === true;
      setText(this.#status, isDone ? word('import.done', { name, readings: body?.readings ?? 0, rejected: body?.rejected ?? 0 }) : word('import.failed', { name, problem: problemOf(response?.status ?? 0, body) }));
      if (isDone) this.dispatchEvent(new Event('changed', { bubbles: true }));
    }

    this.#file.value = '';
  }
});

// @ts-check
import { keep } from '../app/kept.js';
import { word } from '../app/words.js';

const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

/** Light or dark, or as the system has it. The document then fires `themechange`, for what is painted and not styled. */
customElements.define('theme-switch', class extends HTMLElement {
  #button = document.createElement('button');

  connectedCallback() {
    this.#button.type = 'button';
    this.#button.className = 'icon-button';
    this.#button.addEventListener('click', () => this.#next());
    this.replaceChildren(this.#button);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#show());
    this.#show();
  }

  get #theme() {
    return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system';
  }

  #next() {
    const theme = THEMES[(THEMES.indexOf(this.#theme) + 1) % THEMES.length];
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    keep('theme', theme === 'system' ? null : theme);
    this.#show();
  }

  #show() {
    const name = word(`theme.${this.#theme}`);
    this.#button.dataset.icon = this.#theme;
    this.#button.setAttribute('aria-label', name);
    this.#button.title = name;
    const paper = getComputedStyle(document.body).backgroundColor;
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper);
    document.dispatchEvent(new Event('themechange'));
  }
});

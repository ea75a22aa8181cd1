// @ts-check
import { chooseLanguage, otherLanguage, word } from '../app/words.js';

/** The way to the other language, in its own words. */
customElements.define('language-switch', class extends HTMLElement {
  connectedCallback() {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'icon-button';
    button.lang = otherLanguage;
    button.textContent = otherLanguage.toUpperCase();
    button.title = word('language.other');
    button.setAttribute('aria-label', `${button.textContent}: ${word('language.other')}`);
    button.addEventListener('click', () => chooseLanguage(otherLanguage));
    this.replaceChildren(button);
  }
});

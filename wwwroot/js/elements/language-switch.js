// @ts-check
import { LANGUAGES, chooseLanguage } from '../app/languages.js';
import { make } from '../app/text.js';
import { language, word } from '../app/words.js';

/** The choice of the language, each in its own words. */
customElements.define('language-switch', class extends HTMLElement {
  connectedCallback() {
    const code = language.toUpperCase();
    const frame = make('label', 'icon-button language', code);
    const select = document.createElement('select');
    for (const [id, name] of Object.entries(LANGUAGES)) select.append(Object.assign(new Option(name, id), { lang: id }));
    select.value = language;
    select.setAttribute('aria-label', `${code}: ${word('language')}`);
    select.addEventListener('change', () => chooseLanguage(select.value));
    frame.append(select);
    this.replaceChildren(frame);
  }
});

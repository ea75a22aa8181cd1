// @ts-check
import { keep } from './kept.js';
import english from './words/en.js';
import french from './words/fr.js';

/** @typedef {keyof typeof english} Word */

/** @type {Record<string, Record<Word, string>>} */
const BOOKS = { en: english, fr: french };

// js/early.js has written it before anything was drawn: the choice, otherwise what the browser asks for.
export const language = document.documentElement.lang in BOOKS ? document.documentElement.lang : 'en';

/** For dates and numbers: the browser's own form of the language, where it is the same one. */
export const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;

export const otherLanguage = language === 'en' ? 'fr' : 'en';

/**
 * @param {Word} key
 * @param {Record<string, string | number>} [values]  For the words in braces.
 */
export function word(key, values = {}) {
  return BOOKS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** @param {string} text  A number with a decimal point. */
export function decimal(text) {
  return language === 'fr' ? text.replace('.', ',') : text;
}

/** Puts the language's words into the page's own markup. */
export function translate() {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-word]'))) {
    element.textContent = word(/** @type {Word} */ (element.dataset.word));
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-label]'))) {
    element.setAttribute('aria-label', word(/** @type {Word} */ (element.dataset.label)));
  }
  document.documentElement.dataset.translated = '';
}

/** @param {string} chosen */
export function chooseLanguage(chosen) {
  keep('language', chosen);
  location.reload();
}

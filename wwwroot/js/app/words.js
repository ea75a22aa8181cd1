// @ts-check

/**
 * @typedef {typeof import('../words/en.js').default & typeof import('../words/drives-en.js').default & typeof import('../words/alerts-en.js').default & typeof import('../words/rules-en.js').default & typeof import('../words/channels-en.js').default & typeof import('../words/settings-en.js').default & typeof import('../words/signals-en.js').default & typeof import('../words/fleet-en.js').default & typeof import('../words/entry-en.js').default & typeof import('../words/forecasts-en.js').default & typeof import('../words/analytics-en.js').default & typeof import('../words/trips-en.js').default & typeof import('../words/scene-en.js').default} Book
 * @typedef {keyof Book} Word
 */

// js/early.js has written it before anything was drawn: the choice, otherwise what the browser asks for. It has asked for the words, too.
export const language = document.documentElement.lang;

// A page with many texts has books of its own, which the others need not load.
const own = document.documentElement.dataset.words?.split(' ') ?? [];
const books = await Promise.all([language, ...own.map((name) => `${name}-${language}`)].map((name) => import(`../words/${name}.js`)));

/** @type {Book} */
const book = Object.assign({}, ...books.map((module) => module.default));

/**
 * Learns a book that comes after the first numbers.
 * @param {'alerts' | 'analytics' | 'channels' | 'forecasts' | 'scene' | 'settings' | 'signals'} name
 */
export async function learnBook(name) {
  Object.assign(book, (await import(`../words/${name}-${language}.js`)).default);
}

/** For dates and numbers: the browser's own form of the language, where it is the same one. */
export const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;

/**
 * @param {Word} key
 * @param {Record<string, string | number>} [values]  For the words in braces.
 */
export function word(key, values = {}) {
  return book[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** @param {string} key */
export function hasWord(key) {
  return Object.hasOwn(book, key);
}

const POINT = (0.5).toLocaleString(locale)[1];

/** @param {string} text  A number with a decimal point. */
export function decimal(text) {
  return text.replace('.', POINT);
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

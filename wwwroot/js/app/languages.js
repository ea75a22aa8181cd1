// @ts-check
import { keep } from './kept.js';

/** Names of the languages, each in its own words. js/early.js has the same list. */
export const LANGUAGES = Object.freeze({ en: 'English', fr: 'Français', de: 'Deutsch', es: 'Español' });

/** @param {string} chosen */
export function chooseLanguage(chosen) {
  keep('language', chosen);
  location.reload();
}

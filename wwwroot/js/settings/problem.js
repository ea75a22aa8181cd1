// @ts-check
import { language, word } from '../app/words.js';

/**
 * Why the server did not do what it was asked.
 * @param {number} status  0: there is no answer.
 * @param {any} body
 */
export function problemOf(status, body) {
  if (status === 0) return word('history.unreachable');
  if (status === 403) return word('settings.forbidden');
  return (language === 'en' && body?.detail) || word('history.status', { status });
}

// @ts-check
import { language, word } from './words.js';

const GIVE_UP = 60_000;

/**
 * Asks the server. What it throws says for people why there is no answer.
 * @param {URL} url
 * @param {AbortSignal} cancelled
 * @returns {Promise<any>}  Null where the answer cannot be read.
 */
export async function ask(url, cancelled) {
  const response = await answer(url, AbortSignal.any([cancelled, AbortSignal.timeout(GIVE_UP)]));
  const body = await response.json().catch(() => null);
  // The server explains itself in English.
  if (!response.ok) throw new Error((language === 'en' && body?.detail) || word('history.status', { status: response.status }));
  return body;
}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 */
async function answer(url, signal) {
  try {
    return await fetch(url, { cache: 'no-store', signal });
  } catch {
    throw new Error(word(signal.aborted ? 'history.slow' : 'history.unreachable'));
  }
}

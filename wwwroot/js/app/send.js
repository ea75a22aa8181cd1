// @ts-check

const GIVE_UP = 30_000;

/**
 * @typedef {object} Answer
 * @property {number} status   0: there is none.
 * @property {any} body        Null where it cannot be read.
 * @property {Record<string, string>} fields  What is wrong, in the server's words, by the field.
 */

/**
 * Sends a request to the server. Never throws.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [cancelled]
 * @returns {Promise<Answer>}
 */
export async function send(method, path, body, cancelled) {
  const signal = cancelled ? AbortSignal.any([cancelled, AbortSignal.timeout(GIVE_UP)]) : AbortSignal.timeout(GIVE_UP);
  /** @type {RequestInit} */
  const request = { method, cache: 'no-store', signal };
  if (body !== undefined) Object.assign(request, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const response = await fetch(new URL(path, document.baseURI), request).catch(() => null);
  const answer = await response?.json().catch(() => null) ?? null;
  return { status: response?.status ?? 0, body: answer, fields: response?.ok ? {} : fieldsOf(answer) };
}

/**
 * @param {any} problem
 * @returns {Record<string, string>}
 */
function fieldsOf(problem) {
  const several = Object.entries(problem?.errors ?? {}).map(([field, texts]) => [field, [texts].flat().join(' ')]);
  const one = problem?.field ?? problem?.parameter;
  return Object.fromEntries(several.length > 0 ? several : typeof one === 'string' ? [[one, String(problem.detail ?? '')]] : []);
}

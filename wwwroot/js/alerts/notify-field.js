// @ts-check
import { send } from '../app/send.js';
import { make } from '../app/text.js';
import { learnBook, word } from '../app/words.js';
import { checkField } from './fields.js';

await learnBook('channels');

/** @typedef {{ to?: unknown, after?: unknown }} Step  One step of `notify`; what else it has stays as it is. */

/**
 * The channels that a rule tells at once. Later steps of the rule stay as they are.
 * @param {readonly unknown[]} notify
 * @param {boolean} mayChange  False: only the rule's own channels are shown; the server lists them for others alone.
 * @param {(notify: unknown[]) => void} changed
 */
export function notifyField(notify, mayChange, changed) {
  const frame = make('fieldset', 'vehicles-field');
  const note = make('p', 'sentence-note');
  const steps = /** @type {readonly Step[]} */ (notify);
  const isAtOnce = steps.length > 0 && !Number(steps[0].after);
  const first = isAtOnce ? steps[0] : {};
  const later = isAtOnce ? steps.slice(1) : steps;
  const chosen = Array.isArray(first.to) ? first.to.map(String) : [];
  frame.dataset.field = 'notify';
  frame.tabIndex = -1;
  frame.append(make('legend', 'visually-hidden', word('edit.notify')), note);
  (mayChange ? ask() : Promise.resolve({ names: [], problem: word('channels.hidden') })).then(({ names, problem }) => {
    const known = [...names, ...chosen.filter((name) => !names.includes(name))];
    const told = new Set(chosen);
    const write = () => {
      const to = known.filter((name) => told.has(name));
      changed(to.length > 0 ? [{ ...first, to }, ...later] : [...later]);
    };
    note.before(...known.map((name) => checkField(name, told.has(name), (isChecked) => {
      if (isChecked) told.add(name);
      else told.delete(name);
      write();
    }, name)));
    note.textContent = [problem, later.length > 0 ? word('edit.notify.later', { count: later.length }) : ''].filter(Boolean).join(' ');
    note.hidden = note.textContent === '';
  });
  return frame;
}

/** @returns {Promise<{ names: string[], problem: string }>} */
async function ask() {
  const { status, body } = await send('GET', 'alerts/channels');
  const names = status === 200 && Array.isArray(body) ? body.map(({ name }) => String(name)) : [];
  if (status === 403) return { names, problem: word('channels.hidden') };
  if (status !== 200) return { names, problem: word('channels.unreadable') };
  return { names, problem: names.length === 0 ? word('channels.none') : '' };
}

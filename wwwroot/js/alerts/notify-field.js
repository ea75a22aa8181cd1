// @ts-check
import { send } from '../app/send.js';
import { make } from '../app/text.js';
import { learnBook, word } from '../app/words.js';
import { checkField } from './fields.js';

await learnBook('channels');

/** @typedef {{ to?: unknown, after?: unknown }} Step  One step of `notify`; what else it has stays as it is. */

/**
 * The channels that a rule tells at once, and whether anybody is told. Later steps of the rule stay as they are.
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
  const chosen = namesOf(first);
  frame.dataset.field = 'notify';
  frame.tabIndex = -1;
  note.setAttribute('role', 'status');
  frame.append(make('legend', 'visually-hidden', word('edit.notify')), note);
  (mayChange ? ask() : Promise.resolve({ names: null, problem: word('channels.hidden') })).then(({ names, problem }) => {
    const known = [...names ?? [], ...chosen.filter((name) => !names?.includes(name))];
    const told = new Set(chosen);
    const write = () => {
      const to = known.filter((name) => told.has(name));
      changed(to.length > 0 ? [{ ...first, to }, ...later] : [...later]);
    };
    const tell = () => {
      const all = [...told, ...later.flatMap(namesOf)];
      const nobody = names === null || all.some((name) => names.includes(name)) ? '' : word(names.length === 0 ? 'notify.no-channel' : 'notify.nobody');
      note.replaceChildren([problem, nobody, later.length > 0 ? word('edit.notify.later', { count: later.length }) : ''].filter(Boolean).join(' '));
      if (names?.length === 0) note.append(' ', channelsLink());
      note.hidden = note.textContent === '';
    };
    note.before(...known.map((name) => checkField(!names || names.includes(name) ? name : word('notify.unknown', { channel: name }), told.has(name), (isChecked) => {
      if (isChecked) told.add(name);
      else told.delete(name);
      write();
      tell();
    }, name)));
    tell();
  });
  return frame;
}

/** @param {Step} step */
function namesOf({ to }) {
  return Array.isArray(to) ? to.map(String) : [];
}

function channelsLink() {
  const link = /** @type {HTMLAnchorElement} */ (make('a', '', word('notify.set-up')));
  link.href = '#channels';
  return link;
}

/** @returns {Promise<{ names: string[] | null, problem: string }>}  Null: not known. */
async function ask() {
  const { status, body } = await send('GET', 'alerts/channels');
  if (status === 200 && Array.isArray(body)) return { names: body.map(({ name }) => String(name)), problem: '' };
  return { names: null, problem: word(status === 403 ? 'channels.hidden' : 'channels.unreadable') };
}

// @ts-check
import { send } from '../app/send.js';
import { make } from '../app/text.js';
import { word } from '../app/words.js';
import { checkField } from './fields.js';
import { channelsOf } from './rule.js';

/** @typedef {import('./rule.js').Step} Step */

/**
 * Check boxes for the channels that get an alert at once, and a note if no channel is configured. The rule's later steps are not changed here.
 * @param {readonly Step[]} steps
 * @param {boolean} mayChange  False: only the rule's own channels are shown; the server lists them for others alone.
 * @param {(steps: Step[]) => void} changed
 */
export function notifyField(steps, mayChange, changed) {
  const frame = make('fieldset', 'vehicles-field');
  const note = make('p', 'sentence-note');
  const isAtOnce = steps.length > 0 && !Number(steps[0].after);
  const first = isAtOnce ? steps[0] : {};
  const later = isAtOnce ? steps.slice(1) : steps;
  const chosen = channelsOf(first);
  frame.dataset.field = 'notify';
  frame.tabIndex = -1;
  note.setAttribute('role', 'status');
  frame.append(make('legend', 'visually-hidden', word('edit.notify')), note);
  (mayChange ? ask() : Promise.resolve({ names: null, problem: word('channels.hidden') })).then(({ names, problem }) => {
    const known = [...names ?? [], ...chosen.filter((name) => !names?.includes(name))];
    const notified = new Set(chosen);
    const write = () => {
      const to = known.filter((name) => notified.has(name));
      changed(to.length > 0 ? [{ ...first, to }, ...later] : [...later]);
    };
    const explain = () => {
      const all = [...notified, ...later.flatMap(channelsOf)];
      const none = names === null || all.some((name) => names.includes(name)) ? '' : word(names.length === 0 ? 'notify.no-channel' : 'notify.none');
      note.replaceChildren([problem, none, later.length > 0 ? word('edit.notify.later', { count: later.length }) : ''].filter(Boolean).join(' '));
      if (names?.length === 0) note.append(' ', channelsLink());
      note.hidden = note.textContent === '';
    };
    note.before(...known.map((name) => checkField(!names || names.includes(name) ? name : word('notify.unknown', { channel: name }), notified.has(name), (isChecked) => {
      if (isChecked) notified.add(name);
      else notified.delete(name);
      write();
      explain();
    }, name)));
    explain();
  });
  return frame;
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

// @ts-check
import { utc } from '../app/message.js';
import { make } from '../app/text.js';
import { hourCycle } from '../app/units.js';
import { locale, word } from '../app/words.js';

const TIME = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle });

/** @typedef {{ at: string, topic: string, payload: string, reason: string | null, vehicle_id: number | null, readings: string[] }} RecentMessage */

/**
 * Messages as they came, and what was made of them.
 * @param {readonly RecentMessage[]} messages
 */
export function messageList(messages) {
  const list = make('ul', 'messages');
  list.setAttribute('role', 'list');
  list.append(...messages.map((message) => {
    const item = make('li', 'message');
    item.append(
      make('time', 'quiet', TIME.format(utc(message.at))), make('code', 'message-topic', message.topic), make('code', 'message-payload', message.payload),
      make('span', message.reason ? 'message-reason' : 'message-made', madeOf(message)),
    );
    return item;
  }));
  return list;
}

/** @param {RecentMessage} message */
function madeOf({ reason, vehicle_id: id, readings }) {
  const taken = readings.length > 0 ? word('message.taken', { id: id ?? 0, readings: readings.join(', ') }) : '';
  const rejected = reason ? word(`reason.${/** @type {'topic'} */ (reason)}`) : '';
  return [taken, rejected].filter(Boolean).join(' · ') || word('message.nothing');
}

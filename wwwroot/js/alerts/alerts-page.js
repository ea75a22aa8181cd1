// @ts-check
import { send } from '../app/send.js';
import { language, word } from '../app/words.js';

/**
 * @typedef {import('../app/alert.js').Alert} Alert
 *
 * @typedef {object} PageView  What the parts of the page show.
 * @property {readonly Alert[]} open  The worst first.
 * @property {import('../app/open-alerts.js').OpenAlerts} watch
 * @property {import('./rules.js').Rules} rules
 * @property {readonly { id: number, name: string }[]} vehicles
 * @property {number} vehicleId       The one that presets are for.
 * @property {(id: number) => string} nameOf
 * @property {number} now
 * @property {import('./alert-row.js').Act} act
 * @property {import('./addressed-alert.js').AddressedAlert} addressed
 *
 * @typedef {{ part: 'open' | 'rules' | 'history' | 'channels' } | { part: 'editor', ruleId: number | null } | { part: 'alert', alertId: string }} Place
 */

/**
 * Which part the address names.
 * @returns {Place}
 */
export function placeInAddress() {
  const { hash } = location;
  const rule = /^#rule=(\d{1,9})$/.exec(hash);
  if (rule) return { part: 'editor', ruleId: Number(rule[1]) };
  const alert = /^#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(hash);
  if (alert) return { part: 'alert', alertId: alert[1].toLowerCase() };
  if (hash === '#new') return { part: 'editor', ruleId: null };
  return { part: hash === '#rules' ? 'rules' : hash === '#history' ? 'history' : hash === '#channels' ? 'channels' : 'open' };
}

/**
 * Does something about an alert.
 * @param {Alert} alert
 * @param {'ack' | 'unack' | 'snooze'} action
 * @param {{ note?: string, until?: number }} detail
 * @returns {Promise<string>}  What is wrong; empty: nothing.
 */
export async function actOn({ id }, action, { note, until }) {
  const path = `alerts/${encodeURIComponent(id)}`;
  const { status, body } = action === 'snooze'
    ? await send('POST', `${path}/snooze`, { until: new Date(/** @type {number} */ (until)).toISOString() })
    : await send(action === 'ack' ? 'POST' : 'DELETE', `${path}/ack`, action === 'ack' ? { ...(note ? { note } : {}) } : undefined);
  if (status >= 200 && status < 300) return '';
  if (status === 409) return word('alert.over');
  if (status === 404) return word('alert.gone');
  if (status === 0) return word('history.unreachable');
  return (language === 'en' && body?.detail) || word('history.status', { status });
}

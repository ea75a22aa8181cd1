// @ts-check
import { word } from './words.js';

/**
 * What is wrong with the server, or on the way to it. `away`: it does not answer; `socket`: it does, but no WebSocket can be opened;
 * `broker`: not connected; `store`: readings wait in the spool; `full`: readings can be kept nowhere; `kept`: the store works, but
 * not for all readings; `server`: anything else, and all that this viewer may not know.
 * @typedef {{ kind: 'away' | 'socket' | 'broker' | 'store' | 'full' | 'kept' | 'server', reason: string }} Fault  The reason is the server's own, in English.
 */

/** Age in seconds of the oldest reading in the spool, from which on a slow store is told. */
const CALM = 60;

/**
 * Problems in /health/ready.
 * @param {any} body  Null: there is no answer.
 * @returns {Fault[]}
 */
export function faultsIn(body) {
  if (body?.status === 'healthy') return [];
  if (body?.status !== 'degraded' && body?.status !== 'unhealthy') return [{ kind: 'away', reason: '' }];
  const unwell = Object.entries(body.checks ?? {}).filter(([, check]) => check?.status !== 'healthy');
  const failed = unwell.filter(([, check]) => !catchesUp(check));
  if (unwell.length === 0) return [{ kind: 'server', reason: '' }];
  return failed.map(([name, { mode, problem }]) => ({ kind: kindOf(name, mode), reason: typeof problem === 'string' ? problem : '' }));
}

/**
 * True for a store that is only slow: its readings are in the spool, and reach the store without any action of the operator.
 * @param {any} check
 */
function catchesUp(check) {
  return check.slow === true && check.behind_seconds < CALM;
}

/**
 * @param {string} check
 * @param {unknown} mode  Of the store.
 * @returns {Fault['kind']}
 */
function kindOf(check, mode) {
  if (check === 'broker') return 'broker';
  if (check !== 'store') return 'server';
  return mode === 'direct' ? 'kept' : mode === 'waiting' ? 'full' : 'store';
}

/**
 * True if the store may be unavailable: then missing data proves nothing.
 * @param {readonly Fault[]} faults
 */
export function isStoreInDoubt(faults) {
  return faults.some(({ kind }) => ['away', 'store', 'full', 'server'].includes(kind));
}

/**
 * Reason of the missing live connection.
 * @param {readonly Fault[]} faults
 */
export function lostText(faults) {
  return word(faults.some(({ kind }) => kind === 'socket') ? 'fault.socket' : 'link.lost');
}

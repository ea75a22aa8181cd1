// @ts-check
import { send } from './send.js';

/**
 * What rules say of their first signal: needed to put an alert into words, which names its rule only.
 * @typedef {'above' | 'below' | 'rises' | 'falls' | 'steady'} RuleKind
 */

const KINDS = /** @type {const} */ (['above', 'below', 'rises', 'falls', 'steady']);

/** @type {Map<number, RuleKind | null>} */
const known = new Map();

/**
 * @param {number | null} ruleId
 * @returns {RuleKind | null}  Null: about no signal, or not known.
 */
export function ruleKind(ruleId) {
  return known.get(ruleId ?? 0) ?? null;
}

/**
 * Asks for rules that are not known yet. Answers whether there was something to learn.
 * @param {readonly import('./alert.js').Alert[]} alerts
 */
export async function learnRuleKinds(alerts) {
  const unknown = alerts.flatMap(({ ruleId, signal }) => (ruleId !== null && signal !== null && !known.has(ruleId) ? [ruleId] : []));
  if (unknown.length === 0) return false;
  // A rule that is gone is not asked for again.
  for (const ruleId of unknown) known.set(ruleId, null);
  const { body } = await send('GET', 'alerts/rules');
  for (const raw of Array.isArray(body) ? body : []) noteRule(raw);
  return true;
}

/** @param {any} raw */
function noteRule(raw) {
  const when = raw?.rule?.when;
  const first = Array.isArray(when) ? when.find((condition) => condition?.signal !== undefined) : null;
  if (Number.isSafeInteger(raw?.rule_id)) known.set(raw.rule_id, KINDS.find((kind) => first?.[kind] !== undefined) ?? null);
}

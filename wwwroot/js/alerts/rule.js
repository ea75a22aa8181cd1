// @ts-check

/**
 * A condition and a rule as the server has them: docs/alerts.md says what each means.
 * @typedef {object} Condition
 * @property {string} [signal]
 * @property {number} [above]
 * @property {number} [below]
 * @property {number} [clear]
 * @property {number} [rises]
 * @property {number} [falls]
 * @property {number} [within]    Seconds.
 * @property {boolean} [steady]
 * @property {'running' | 'offline'} [state]
 * @property {'on' | 'off'} [engine]
 * @property {string} [time]      Such as 22:00-06:00.
 * @property {string[]} [days]
 * @property {string} [zone]
 *
 * @typedef {{ to?: unknown, after?: unknown }} Step  One step of `notify`; what else it has stays as it is.
 *
 * @typedef {object} Rule
 * @property {string} name
 * @property {import('../app/alert.js').Severity} severity
 * @property {boolean} enabled
 * @property {number[] | null} vehicles  Null: all.
 * @property {Condition[]} when
 * @property {Condition[]} while
 * @property {number} for                Seconds.
 * @property {number} clear_for
 * @property {boolean} once_per_drive
 * @property {number} cooldown
 * @property {Step[]} notify
 * @property {string | null} message
 *
 * @typedef {{ vehicleId: number, judgedAt: number | null }} Judged
 * @typedef {{ id: number, version: number, rule: Rule, judged: Judged[], unknownChannels: string[] }} SavedRule
 */

const KINDS = /** @type {const} */ (['above', 'below', 'rises', 'falls', 'steady', 'state', 'engine', 'time']);
/** @typedef {typeof KINDS[number]} Kind */

export const DAYS = /** @type {const} */ (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export const SEVERITIES = /** @type {const} */ (['info', 'warning', 'critical']);

/**
 * One key decides.
 * @param {Condition} condition
 * @returns {Kind}
 */
export function kindOf(condition) {
  return KINDS.find((kind) => condition[kind] !== undefined) ?? 'above';
}

/** @param {Condition} condition */
export function isThreshold(condition) {
  return condition.above !== undefined || condition.below !== undefined;
}

/** @param {Condition} condition */
export function thresholdOf(condition) {
  return condition.above ?? condition.below ?? NaN;
}

/**
 * The channels of a step, by name.
 * @param {Step} step
 */
export function channelsOf({ to }) {
  return Array.isArray(to) ? to.map(String) : [];
}

/**
 * A rule of the server, with what it left out.
 * @param {any} raw
 * @returns {Rule}
 */
export function ruleOf(raw) {
  const list = (/** @type {unknown} */ value) => (Array.isArray(value) ? value : []);
  const vehicles = list(raw?.vehicles).filter(Number.isSafeInteger);
  return {
    name: String(raw?.name ?? ''),
    severity: SEVERITIES.find((one) => one === raw?.severity) ?? 'warning',
    enabled: raw?.enabled !== false,
    vehicles: vehicles.length > 0 ? vehicles : null,
    when: list(raw?.when),
    while: list(raw?.while),
    for: Number(raw?.for) || 0,
    clear_for: Number(raw?.clear_for) || 0,
    once_per_drive: raw?.once_per_drive === true,
    cooldown: Number(raw?.cooldown) || 0,
    notify: list(raw?.notify),
    message: typeof raw?.message === 'string' ? raw.message : null,
  };
}

/** @param {string} signal @returns {Rule} */
export function newRule(signal) {
  return ruleOf({ when: [{ signal, above: NaN }], for: 10 });
}

/**
 * As the server takes it: without what is as usual.
 * @param {Rule} rule
 * @param {string} name  Used if the rule has no name.
 */
export function toJson(rule, name) {
  const { vehicles, message, ...rest } = rule;
  return { ...rest, name: rule.name.trim() || name, ...(vehicles ? { vehicles } : {}), ...(message ? { message } : {}) };
}

/**
 * Whether every number is there.
 * @param {Rule} rule
 */
export function isWhole(rule) {
  const numbers = [rule.for, rule.clear_for, ...[...rule.when, ...rule.while].flatMap(({ above, below, rises, falls, within }) => [above, below, rises, falls, within])];
  return numbers.every((value) => value === undefined || !Number.isNaN(value));
}

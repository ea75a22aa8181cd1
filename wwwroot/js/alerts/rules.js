// @ts-check
import { describe } from '../app/signals.js';
import { send } from '../app/send.js';
import { word } from '../app/words.js';
import { utc } from '../app/message.js';
import { ruleOf, toJson } from './rule.js';

/**
 * @typedef {import('./rule.js').Rule} Rule
 * @typedef {import('./rule.js').SavedRule} SavedRule
 * @typedef {{ key: string, rule: Rule, band: { signal: string, from: number, to: number, drives: number } | null }} Preset
 */

/** Rules as the server has them, and the presets of a vehicle. Fires `change`. */
export class Rules extends EventTarget {
  /** @type {readonly SavedRule[]} */
  list = [];
  /** @type {readonly Preset[]} */
  presets = [];
  /** @type {'loading' | 'ready' | 'error'} */
  status = 'loading';
  /** @type {'loading' | 'ready' | 'error'} */
  presetStatus = 'loading';
  /** Whether the viewer may change them; null: not known yet. @type {boolean | null} */
  mayChange = null;
  /** Why the last change of the list was refused. @type {import('../app/send.js').Answer | null} */
  refusal = null;

  async load() {
    const { status, body } = await send('GET', 'alerts/rules');
    if (status === 200 && Array.isArray(body)) {
      this.list = body.flatMap((raw) => savedOf(raw) ?? []);
      this.status = 'ready';
    } else if (this.status === 'loading') this.status = 'error';
    this.#changed();
  }

  /** Only viewers of all vehicles get `checks` from the server, and only they may change rules. */
  async learnRights() {
    const { body } = await send('GET', 'health/ready');
    if (body) this.mayChange = body.checks !== undefined;
    this.#changed();
  }

  /** @param {number} vehicleId */
  async loadPresets(vehicleId) {
    this.presetStatus = 'loading';
    this.presets = [];
    this.#changed();
    const { status, body } = await send('GET', `alerts/presets?vehicle_id=${vehicleId}`);
    this.presetStatus = status === 200 && Array.isArray(body) ? 'ready' : 'error';
    this.presets = Array.isArray(body) ? body.map(presetOf) : [];
    this.#changed();
  }

  /**
   * @param {Rule} rule
   * @param {string} name  Used if the rule has no name.
   * @param {SavedRule | null} before  Null: it is a new one.
   */
  async save(rule, name, before) {
    const body = toJson(rule, name);
    const answer = before
      ? await send('PUT', `alerts/rules/${before.id}`, { ...body, version: before.version })
      : await send('POST', 'alerts/rules', body);
    this.refusal = answer.status >= 200 && answer.status < 300 ? null : answer;
    await this.load();
    return answer;
  }

  /** @param {SavedRule} saved */
  async remove({ id, version }) {
    const answer = await send('DELETE', `alerts/rules/${id}?version=${version}`);
    await this.load();
    return answer;
  }

  /**
   * The name of a further rule: none that another one has.
   * @param {string} name
   * @param {string} vehicle
   */
  freeName(name, vehicle) {
    const isTaken = this.list.some(({ rule }) => rule.name === name);
    return isTaken ? word('preset.name', { name, vehicle }).slice(0, 100) : name;
  }

  /** @param {number} id */
  find(id) {
    return this.list.find((saved) => saved.id === id) ?? null;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * @param {any} raw
 * @returns {SavedRule | null}
 */
function savedOf(raw) {
  if (!Number.isSafeInteger(raw?.rule_id)) return null;
  const judged = Array.isArray(raw.vehicles) ? raw.vehicles : [];
  return {
    id: raw.rule_id,
    version: raw.version,
    rule: ruleOf(raw.rule),
    judged: judged.map((/** @type {any} */ item) => ({ vehicleId: item.vehicle_id, judgedAt: utc(item.judged_at) || null })),
    unknownChannels: Array.isArray(raw.unknown_channels) ? raw.unknown_channels.map(String) : [],
  };
}

/**
 * @param {any} raw
 * @param {number} index
 * @returns {Preset}
 */
function presetOf(raw, index) {
  const { signal, unit, from, to, drives } = raw?.band ?? {};
  if (typeof signal === 'string') describe(signal, unit);
  return {
    key: String(raw?.key ?? index),
    rule: ruleOf(raw?.rule),
    band: Number.isFinite(from) && Number.isFinite(to) ? { signal, from, to, drives } : null,
  };
}

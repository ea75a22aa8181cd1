// @ts-check
import { show, unitOf, written } from '../app/signals.js';
import { converted, shownUnit } from '../app/units.js';
import { locale, word } from '../app/words.js';

/** @typedef {import('../app/vehicle-state.js').VehicleState} VehicleState */
/** @typedef {{ name: string, value: string, level: number | null, tone: string }} Note  Level: how far its bar is filled, from 0 to 1. */

const PERCENT = new Intl.NumberFormat(locale, { style: 'percent' });

/**
 * What the picture shows, each with the colour that it has there.
 * @param {VehicleState} state
 * @returns {Record<'heat' | 'effort' | 'store' | 'brake', Note | null>}
 */
export function notesOf(state) {
  const { isSlowing, running, store, isElectric } = state;
  return {
    heat: heatNote(state),
    effort: running ? effortNote(state) : null,
    store: store === null ? null : { name: word(isElectric ? 'scene.charge' : 'scene.fuel'), value: PERCENT.format(store), level: store, tone: store > 0.25 ? 'full' : store > 0.1 ? 'low' : 'empty' },
    brake: isSlowing ? { name: word('scene.slowing'), value: '', level: null, tone: 'brake' } : null,
  };
}

/** @param {VehicleState} state @returns {Note | null} */
function heatNote({ temperature, warmth, isElectric }) {
  if (temperature === null) return null;
  const level = warmth > 0.05 ? 'hot' : warmth > -0.05 ? 'right' : warmth > -0.99 ? 'cool' : 'cold';
  const part = isElectric ? 'battery' : 'engine';
  const degrees = `${Math.round(converted('°C', temperature))} ${shownUnit('°C')}`;
  return { name: word(`scene.${part}`), value: `${degrees}, ${word(`scene.${part}.${level}`)}`, level: null, tone: level };
}

/** @param {VehicleState} state @returns {Note | null} */
function effortNote({ effort, power }) {
  if (effort === null) return null;
  const level = Math.abs(effort);
  if (power === null) return { name: word('scene.load'), value: PERCENT.format(level), level, tone: 'effort' };
  return { name: word(power < 0 ? 'scene.recovery' : 'scene.power'), value: `${written(Math.abs(power) / 1000, 1)} kW`, level, tone: power < 0 ? 'full' : 'effort' };
}

/**
 * The picture in a sentence.
 * @param {VehicleState} state
 * @param {boolean} canTurn
 */
export function labelOf(state, canTurn) {
  const { kind, running, speed, isSlowing } = state;
  const { heat, effort, store } = notesOf(state);
  const motion = !running ? word('scene.parked') : (speed ?? 0) > 0 ? word('scene.driving', { speed: `${show('vehicle_speed', speed)} ${unitOf('vehicle_speed')}` }) : word('scene.standing');
  const facts = [motion, isSlowing ? word('scene.slowing') : '', ...[heat, effort, store].map((note) => note && `${note.name} ${note.value}`)].filter(Boolean);
  return word(canTurn ? 'scene.label.turn' : 'scene.label', { what: word(`scene.kind.${kind}`), facts: facts.join('; ') });
}

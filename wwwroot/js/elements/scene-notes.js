// @ts-check
import { svg } from '../app/svg.js';
import { make, setText } from '../app/text.js';

/** @typedef {import('./scene-words.js').Note} Note */
/** @typedef {'heat' | 'effort' | 'store' | 'brake'} Name */
/** @typedef {{ x: number, y: number, isSeen: boolean }} Spot  Pixels of the picture. */

const NAMES = /** @type {const} */ (['heat', 'effort', 'store', 'brake']);

/** What the picture's colours mean: a note in each corner, with a line to what it is about. */
export class SceneNotes {
  element = make('div', 'notes');
  #lines = svg('svg', { class: 'note-lines' });
  #notes = NAMES.map((name) => ({ name, ...parts(name) }));

  constructor() {
    // The picture's own name has the same words.
    this.element.setAttribute('aria-hidden', 'true');
    this.#lines.append(...this.#notes.map(({ line }) => line));
    this.element.append(this.#lines, ...this.#notes.map(({ frame }) => frame));
  }

  /** @param {Record<Name, Note | null>} notes */
  show(notes) {
    for (const { name, frame, label, value, bar, line } of this.#notes) {
      const note = notes[name];
      frame.hidden = note === null;
      line.toggleAttribute('data-hidden', note === null);
      if (!note) continue;
      setText(label, note.name);
      setText(value, note.value);
      bar.hidden = note.level === null;
      frame.style.setProperty('--level', String(note.level ?? 0));
      frame.dataset.tone = line.dataset.tone = note.tone;
    }
  }

  /**
   * Leads the lines to where the vehicle's parts are in the picture.
   * @param {Partial<Record<Name, Spot>>} spots
   */
  point(spots) {
    for (const { name, frame, line } of this.#notes) {
      const spot = spots[name];
      line.toggleAttribute('data-away', !spot?.isSeen);
      if (!spot || frame.hidden) continue;
      const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = frame;
      const isAbove = top + height < spot.y;
      const x = Math.min(Math.max(spot.x, left + 16), left + width - 16);
      const [path, end] = line.children;
      path.setAttribute('d', `M${x.toFixed(1)} ${isAbove ? top + height : top}L${spot.x.toFixed(1)} ${spot.y.toFixed(1)}`);
      end.setAttribute('cx', spot.x.toFixed(1));
      end.setAttribute('cy', spot.y.toFixed(1));
    }
  }
}

/** @param {Name} name */
function parts(name) {
  const frame = make('p', 'note');
  const [label, value, bar] = [make('span', 'note-name'), make('span', 'note-value'), make('span', 'note-bar')];
  frame.dataset.note = name;
  frame.hidden = true;
  frame.append(label, ' ', value, bar);
  return { frame, label, value, bar, line: /** @type {SVGElement} */ (svg('g', { class: 'note-line' }, svg('path', {}), svg('circle', { r: '3.5' }))) };
}

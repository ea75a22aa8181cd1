// @ts-check
import { choice } from '../elements/choice.js';
import { svg } from '../app/svg.js';
import { make, setText } from '../app/text.js';
import { decimal, word } from '../app/words.js';
import { clockOf, lengthOf } from './drive-words.js';
import { SPEEDS } from './playback.js';

const JUMP = 10_000;
const ICONS = {
  play: 'M8 5.5v13l11-6.5z',
  pause: 'M7 5h3.6v14H7zM13.4 5H17v14h-3.6z',
  back: 'M12 5V1.5L6.5 6 12 10.5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z',
  forward: 'M12 5V1.5L17.500 6 12 10.500V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z',
};

/**
 * What a player needs: play and pause, ten seconds back and on, how fast, and whether silences are left out.
 * Fires `toggle`, `jump` with milliseconds, `speed`, and `gaps`.
 */
customElements.define('play-controls', class extends HTMLElement {
  #play = iconButton('play-button', 'play', () => this.#fire('toggle'));
  #back = iconButton('play-jump', 'back', () => this.#fire('jump', -JUMP));
  #forward = iconButton('play-jump', 'forward', () => this.#fire('jump', JUMP));
  #time = make('span', 'play-time');
  #length = make('span', 'play-length');
  #speed = choice('speed', word('play.speed'), SPEEDS.map((speed) => ({ id: String(speed), label: `${decimal(String(speed))}×` })), (id) => this.#fire('speed', Number(id)));
  #gaps = document.createElement('input');

  connectedCallback() {
    const buttons = make('div', 'play-buttons');
    const clock = make('p', 'play-clock');
    const gaps = make('label', 'play-gaps');
    this.#back.element.setAttribute('aria-label', word('play.back'));
    this.#forward.element.setAttribute('aria-label', word('play.forward'));
    this.#back.element.title = word('play.back');
    this.#forward.element.title = word('play.forward');
    buttons.append(this.#back.element, this.#play.element, this.#forward.element);
    clock.append(this.#time, ' ', this.#length);
    this.#gaps.type = 'checkbox';
    this.#gaps.className = 'toggle';
    this.#gaps.addEventListener('change', () => this.#fire('gaps', this.#gaps.checked));
    gaps.append(this.#gaps, make('span', '', word('play.gaps')));
    this.replaceChildren(buttons, clock, this.#speed.element, gaps);
  }

  /** @param {import('./playback.js').Playback} playback */
  show({ isPlaying, speed, skipsGaps, drive, cursor }) {
    const name = word(isPlaying ? 'play.pause' : 'play');
    this.#play.draw(isPlaying ? 'pause' : 'play');
    if (this.#play.element.title !== name) {
      this.#play.element.title = name;
      this.#play.element.setAttribute('aria-label', name);
    }
    this.#speed.show(String(speed));
    this.#gaps.checked = skipsGaps;
    if (!drive) return;
    setText(this.#time, clockOf(cursor.now()));
    setText(this.#length, word('play.of', { at: lengthOf(cursor.now() - drive.start), length: lengthOf(drive.end - drive.start) }));
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
});

/**
 * @param {string} className
 * @param {keyof typeof ICONS} icon
 * @param {() => void} act
 */
function iconButton(className, icon, act) {
  const element = /** @type {HTMLButtonElement} */ (make('button', className));
  const path = svg('path', { d: ICONS[icon] });
  element.type = 'button';
  element.append(svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, path));
  element.addEventListener('click', act);
  let drawn = icon;
  return {
    element,
    /** @param {keyof typeof ICONS} next */
    draw(next) {
      if (next !== drawn) path.setAttribute('d', ICONS[drawn = next]);
    },
  };
}

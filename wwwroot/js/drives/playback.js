// @ts-check
import { Cursor } from './cursor.js';
import { iso } from '../app/history.js';
import { Live, socketAt } from '../app/live.js';

/**
 * @typedef {import('./drive-log.js').Drive} Drive
 * @typedef {import('../app/message.js').Message} Message
 */

/** How fast a drive can be played. */
export const SPEEDS = /** @type {const} */ ([0.25, 0.5, 1, 2, 5, 10, 30, 60]);

// Minimum time between two commands, in milliseconds: a dragging finger moves far more often.
const PACE = 100;
// In wall-clock time: an error of the cursor above which it jumps; smaller ones are corrected in invisible steps.
const OFF = 1000;
const STEP = 0.1;
// A message this far after the requested moment belongs to an earlier request.
const PAST = 300;

/**
 * A drive that is played back: the same messages as live, and a cursor that goes with them. Fires `change` when it begins to
 * play, pauses or is replaced; and `moved` when the cursor was moved.
 */
export class Playback extends EventTarget {
  #live = new Live(async () => this.#address());
  #store;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  #isDue = false;
  #askedAt = 0;
  /** True until the first message of this connection. */
  #isNew = false;
  /** True until the server's first message for the requested moment. */
  #isAwaited = false;
  #isHeld = false;
  #isComplete = false;

  cursor = new Cursor();
  /** @type {Readonly<Drive> | null} */
  drive = null;
  isPlaying = false;
  /** @type {number} */
  speed = 1;
  skipsGaps = false;

  /** @param {import('../app/store.js').Store} store  Receives the messages of the drive. */
  constructor(store) {
    super();
    this.#store = store;
    this.#live.addEventListener('link', (event) => this.#linked(/** @type {CustomEvent<import('../app/live.js').Link>} */ (event).detail));
    this.#live.addEventListener('message', (event) => this.#hear(/** @type {CustomEvent<Message>} */ (event).detail));
    this.#live.addEventListener('other', (event) => store.receiveOther(/** @type {CustomEvent} */ (event).detail));
    this.#live.addEventListener('end', () => this.#ended());
  }

  /**
   * @param {Readonly<Drive> | null} drive  Null: none any more.
   * @param {number} at
   */
  open(drive, at) {
    this.drive = drive;
    this.isPlaying = this.#isHeld = this.#isComplete = false;
    this.#store.forget();
    this.cursor.run(0);
    this.cursor.end = drive?.end ?? Infinity;
    this.cursor.put(this.#within(at));
    if (drive) this.#live.open();
    else this.#live.close();
    this.#changed();
  }

  toggle() {
    if (!this.drive) return;
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying && this.cursor.now() >= this.drive.end) this.cursor.put(this.drive.start);
    this.#ask();
    this.#changed();
  }

  /** @param {number} at */
  seek(at) {
    this.#store.alerts?.clear();
    this.cursor.put(this.#within(at));
    this.#ask();
    this.dispatchEvent(new Event('moved'));
  }

  /** Paused while the user drags the cursor. */
  hold() {
    this.#isHeld = true;
    this.#ask();
  }

  release() {
    this.#isHeld = false;
    this.#ask();
  }

  /** @param {number} speed */
  play(speed) {
    this.speed = speed;
    this.#ask();
    this.#changed();
  }

  /** @param {boolean} skips */
  skipGaps(skips) {
    this.skipsGaps = skips;
    this.#isComplete = false;
    if (this.drive) this.#live.move();
    this.#changed();
  }

  /** Whether the cursor moves by itself at this moment. */
  get isRunning() {
    return this.isPlaying && !this.#isHeld && this.#store.link.status === 'connected';
  }

  #address() {
    const { vehicleId, start, end } = /** @type {Drive} */ (this.drive);
    const url = socketAt('ws/playback');
    url.search = String(new URLSearchParams({
      vehicle_id: String(vehicleId), from: iso(start), to: iso(end), speed: String(this.speed), skip_gaps: String(this.skipsGaps), alerts: 'true',
    }));
    return url;
  }

  /** @param {import('../app/live.js').Link} link */
  #linked(link) {
    this.#store.setLink(link);
    if (link.status === 'connected') {
      this.#isNew = true;
      this.#send();
    }
    this.#follow();
  }

  /** Lets the server know what is wanted: at once, then at most as often as its pace allows, the last always. */
  #ask() {
    this.#follow();
    this.#isDue = true;
    if (this.#resting !== undefined) return;
    this.#send();
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      if (this.#isDue) this.#ask();
    }, PACE);
  }

  /** All of it every time: after that the server is where the page is, whatever either missed. */
  #send() {
    this.#isDue = false;
    this.#isAwaited = true;
    this.#askedAt = performance.now();
    if (this.#isComplete) {
      this.#isComplete = false;
      this.#live.move();
    } else this.#live.send({ seek: iso(this.cursor.now()), speed: this.speed, pause: !this.isPlaying || this.#isHeld });
  }

  #follow() {
    this.cursor.run(this.isRunning ? this.speed : 0);
  }

  /** @param {Message} message */
  #hear(message) {
    const { start } = /** @type {Drive} */ (this.drive);
    const now = this.cursor.now();
    const ahead = now - message.timestamp;
    // The first is of the drive's start, wherever it is to be played from; and what is later than that is of where it was before.
    const isOther = (this.#isNew && message.timestamp <= start && now > start + PAST) || (this.#isAwaited && ahead < -PAST * this.speed);
    this.#isNew = false;
    if (isOther) return;
    this.#isAwaited = false;
    this.#store.receive(message);
    if (this.isRunning) this.#correct(message, ahead);
  }

  /**
   * A reading comes when the server's cursor is there. A picture, and the word that the vehicle fell silent, come later than
   * the reading that dates them: they can only show that the cursor is behind.
   * @param {Message} message
   * @param {number} ahead
   */
  #correct({ state, timestamp }, ahead) {
    const isReading = state === 'running' && performance.now() - this.#askedAt > OFF;
    if (ahead < 0 || (isReading && ahead > OFF * this.speed)) this.cursor.put(this.#within(timestamp));
    else if (isReading) this.cursor.put(this.cursor.now() - ahead * STEP);
  }

  #ended() {
    this.#isComplete = true;
    this.isPlaying = false;
    this.#follow();
    if (this.drive) this.cursor.put(this.drive.end);
    this.#changed();
    this.dispatchEvent(new Event('moved'));
  }

  /** @param {number} at */
  #within(at) {
    return this.drive ? Math.min(this.drive.end, Math.max(this.drive.start, at)) : at;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

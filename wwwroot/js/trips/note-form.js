// @ts-check
import { make, setText } from '../app/text.js';
import { language, word } from '../app/words.js';
import { button } from './button.js';
import { tagName } from './trip-words.js';

const TAGS = ['', 'business', 'commute', 'private'];
const MOST = 500;

/** Tag and note of a drive, to be changed. What somebody else has written meanwhile is shown before it is replaced. */
export class NoteForm {
  element = document.createElement('form');
  #tag = document.createElement('select');
  #note = document.createElement('input');
  #status = make('p', 'note-status');
  #book;
  #trip;
  #done;

  /**
   * @param {import('./trip-book.js').TripBook} book
   * @param {import('./trip-book.js').Trip} trip
   * @param {(isChanged: boolean) => void} done
   */
  constructor(book, trip, done) {
    this.#book = book;
    this.#trip = trip;
    this.#done = done;
    this.#tag.append(...TAGS.map((tag) => new Option(tagName(tag || null), tag)));
    this.#tag.value = trip.tag ?? '';
    this.#tag.className = 'field';
    this.#tag.setAttribute('aria-label', word('trips.tag'));
    Object.assign(this.#note, { value: trip.note ?? '', maxLength: MOST, className: 'field', placeholder: word('trips.purpose') });
    this.#note.setAttribute('aria-label', word('trips.purpose'));
    this.#status.setAttribute('role', 'status');
    this.element.className = 'note-form';
    const save = /** @type {HTMLButtonElement} */ (make('button', 'button', word('trips.save')));
    this.element.append(this.#tag, this.#note, save, button(word('trips.cancel'), () => done(false)), this.#status);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#save();
    });
    this.element.addEventListener('keydown', ({ key }) => key === 'Escape' && done(false));
  }

  focus() {
    this.#tag.focus();
  }

  async #save() {
    const note = { tag: this.#tag.value || null, note: this.#note.value.trim() || null };
    const { status, body } = await this.#book.write(this.#trip, note);
    if (status === 204) {
      Object.assign(this.#trip, note, { version: this.#trip.version + 1 });
      this.#done(true);
    } else if (status === 409) {
      const now = await this.#book.fetchAgain(this.#trip);
      if (now) this.#trip.version = now.version;
      setText(this.#status, word('trips.conflict', { note: [now?.tag ? tagName(now.tag) : '', now?.note ?? ''].filter((text) => text).join(', ') || tagName(null) }));
    } else {
      setText(this.#status, word('trips.unsaved', { problem: status === 0 ? word('history.unreachable') : (language === 'en' && body?.detail) || word('history.status', { status }) }));
    }
  }
}

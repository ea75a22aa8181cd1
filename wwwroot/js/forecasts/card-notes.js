// @ts-check
import { make, setText } from '../app/text.js';
import { forecastText, recordText } from './forecast-words.js';

// In the card of the engine's temperature, and in that of what is used up.
const CARDS = /** @type {const} */ ([
  ['coolant_temperature', 'warm_in'], ['soc', 'range'], ['fuel_level', 'range'], ['fuel_tank_level', 'range'], ['fuel_tank', 'range'], ['fuel', 'range'],
]);

/** What forecasts say, at the foot of the cards that they are about. */
export class CardNotes {
  /** @param {import('../app/forecasts.js').Forecasts} forecasts */
  show(forecasts) {
    for (const [signal, name] of CARDS) {
      const card = document.querySelector(`kpi-card[data-signal="${signal}"]`);
      if (!card) continue;
      const forecast = forecasts.of(name);
      const text = forecast ? forecastText(name, forecast) : '';
      const note = card.querySelector('.kpi-forecast') ?? (text ? addedTo(card) : null);
      if (!note) continue;
      /** @type {HTMLElement} */ (note).hidden = text === '';
      setText(/** @type {Element} */ (note.firstElementChild), text);
      setText(/** @type {Element} */ (note.lastElementChild), forecast ? recordText(name, forecast) : '');
    }
  }
}

/** @param {Element} card  One that is moved on the page loses its note, and gets another. */
function addedTo(card) {
  const note = make('p', 'kpi-forecast');
  note.append(make('span', 'forecast-now'), make('span', 'forecast-record'));
  card.append(note);
  return note;
}

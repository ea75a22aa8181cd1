// @ts-check
import { age } from '../app/age.js';
import { NOTHING, show, signalOf, unitOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { alertOn, stateWord } from '../app/view.js';
import { word } from '../app/words.js';

/** @typedef {import('./fleet-store.js').Row} Row */

const SHOWN = /** @type {const} */ (['vehicle_speed', 'control_module_voltage', 'coolant_temperature']);

/** The shown vehicles, one a row. On a narrow screen the style sheet breaks each row in two, so that roles are written out. */
customElements.define('fleet-table', class extends HTMLElement {
  #body = part('tbody', 'rowgroup', 'fleet-body');
  #none = make('p', 'quiet fleet-none', word('fleet.none'));
  /** @type {ReturnType<typeof makeRow>[]} */
  #rows = [];

  connectedCallback() {
    const table = part('table', 'table', 'fleet');
    const head = part('thead', 'rowgroup', 'fleet-head');
    const titles = part('tr', 'row', 'fleet-row');
    const columns = [word('vehicle'), word('fleet.state'), word('page.alerts'), ...SHOWN.map((key) => signalOf(key).label), word('fact.reading')];
    table.setAttribute('aria-label', word('fleet.vehicles'));
    titles.append(...columns.map((text) => part('th', 'columnheader', '', text)));
    head.append(titles);
    table.append(head, this.#body);
    this.#none.hidden = true;
    this.replaceChildren(table, this.#none);
  }

  /** @param {import('./fleet-store.js').FleetView} view */
  show({ rows, loading }) {
    this.#none.hidden = loading || rows.length > 0;
    while (this.#rows.length < rows.length) this.#rows.push(makeRow());
    if (this.#body.childElementCount !== rows.length) this.#body.replaceChildren(...this.#rows.slice(0, rows.length).map(({ element }) => element));
    rows.forEach((row, i) => this.#rows[i].show(row));
  }
});

/**
 * @param {string} tag
 * @param {string} role
 * @param {string} className
 * @param {string} [text]
 */
function part(tag, role, className, text) {
  const element = make(tag, className, text);
  element.setAttribute('role', role);
  return element;
}

function makeRow() {
  const element = part('tr', 'row', 'fleet-row');
  const name = part('th', 'rowheader', 'fleet-name');
  const link = /** @type {HTMLAnchorElement} */ (make('a', 'fleet-link'));
  const device = make('span', 'fleet-device');
  const badge = make('span', 'badge state-of');
  const state = part('td', 'cell', 'fleet-state');
  const alert = part('td', 'cell', 'fleet-alert');
  const values = SHOWN.map((key) => {
    const cell = part('td', 'cell', 'fleet-value');
    const value = make('span', 'fleet-number');
    cell.append(value, ' ', make('span', 'unit', unitOf(key)));
    return { key, cell, value };
  });
  const heard = part('td', 'cell', 'fleet-heard');
  name.append(link, device);
  state.append(badge);
  element.append(name, state, alert, ...values.map(({ cell }) => cell), heard);
  return {
    element,
    /** @param {Row} row */
    show(row) {
      const href = `./?vehicle_id=${row.id}`;
      if (link.getAttribute('href') !== href) link.setAttribute('href', href);
      setText(link, row.name);
      setText(device, row.device);
      element.dataset.vehicle = String(row.id);
      element.dataset.state = badge.dataset.state = row.state;
      setText(badge, stateWord({ state: row.state, heard: isHeard(row) }));
      alert.dataset.alert = row.alerts[0]?.severity ?? 'none';
      setText(alert, alertText(row.alerts));
      for (const { key, cell, value } of values) {
        const number = row.data?.[key] ?? null;
        cell.dataset.alert = alertOn(row.alerts, key)?.severity ?? 'none';
        setText(value, show(key, number));
      }
      setText(heard, heardText(row));
    },
  };
}

/** @param {Row['alerts']} alerts */
function alertText(alerts) {
  if (alerts.length < 2) return alerts[0]?.rule ?? '';
  return word('fleet.alerts.more', { rule: alerts[0].rule, count: alerts.length - 1 });
}

/**
 * Values retained by a broker have no timestamp.
 * @param {Row} row
 */
function heardText({ age: since, data }) {
  if (since !== null) return age(since);
  return isHeard({ age: since, data }) ? word('age.unknown') : NOTHING;
}

/** @param {Pick<Row, 'age' | 'data'>} row */
function isHeard({ age: since, data }) {
  return since !== null || Object.values(data ?? {}).some((value) => value !== null);
}

// @ts-check
import { age } from '../app/age.js';
import { NOTHING, show, unitOf } from '../app/signals.js';
import { make, setText } from '../app/text.js';
import { alertOn, stateWord } from '../app/view.js';
import { word } from '../app/words.js';
import { isDescending } from './fleet-choice.js';
import { isFuel, valueIn } from './fleet-columns.js';

/**
 * @typedef {import('./fleet-store.js').Row} Row
 * @typedef {import('./fleet-columns.js').Column} Column
 */

/** The shown vehicles, one a row; on a narrow screen the style sheet makes cards of them, so that roles are written out. A title sorts: fires `choose` with the changed part of a Choice. */
customElements.define('fleet-table', class extends HTMLElement {
  #titles = part('tr', 'row', 'fleet-row');
  #body = part('tbody', 'rowgroup', 'fleet-body');
  #none = make('p', 'quiet fleet-none', word('fleet.none'));
  /** @type {readonly Column[]} */
  #columns = [];
  /** @type {ReturnType<typeof makeRow>[]} */
  #rows = [];
  #order = '';
  #isReversed = false;

  connectedCallback() {
    const table = part('table', 'table', 'fleet');
    const head = part('thead', 'rowgroup', 'fleet-head');
    table.setAttribute('aria-label', word('fleet.vehicles'));
    head.append(this.#titles);
    table.append(head, this.#body);
    this.#none.hidden = true;
    this.replaceChildren(table, this.#none);
  }

  /** @param {import('./fleet-store.js').FleetView} view */
  show({ rows, loading, columns, choice: { order, reversed } }) {
    this.#none.hidden = loading || rows.length > 0;
    if (columns !== this.#columns) this.#build(columns);
    this.#showOrder(order, reversed);
    while (this.#rows.length < rows.length) this.#rows.push(makeRow(columns));
    if (this.#body.childElementCount !== rows.length) this.#body.replaceChildren(...this.#rows.slice(0, rows.length).map(({ element }) => element));
    rows.forEach((row, i) => this.#rows[i].show(row));
  }

  /** @param {readonly Column[]} columns */
  #build(columns) {
    this.#columns = columns;
    this.#rows = [];
    this.#body.replaceChildren();
    this.#titles.replaceChildren(this.#title('name', word('vehicle')), ...columns.map(({ id, label, signals }) => this.#title(id, label, signals.length > 0)));
  }

  /**
   * @param {string} order
   * @param {string} label
   * @param {boolean} [isNumber]
   */
  #title(order, label, isNumber = false) {
    const title = part('th', 'columnheader', isNumber || order === 'heard' ? 'fleet-end' : '');
    const button = /** @type {HTMLButtonElement} */ (make('button', 'fleet-sort', label));
    button.type = 'button';
    button.addEventListener('click', () => this.dispatchEvent(new CustomEvent('choose', { detail: { order, reversed: order === this.#order && !this.#isReversed } })));
    title.dataset.order = order;
    title.append(button);
    return title;
  }

  /**
   * @param {string} order
   * @param {boolean} reversed
   */
  #showOrder(order, reversed) {
    this.#order = order;
    this.#isReversed = reversed;
    for (const title of /** @type {NodeListOf<HTMLElement>} */ (this.#titles.querySelectorAll('th'))) {
      if (title.dataset.order !== order) title.removeAttribute('aria-sort');
      else title.setAttribute('aria-sort', isDescending(order, reversed) ? 'descending' : 'ascending');
    }
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

/** @param {readonly Column[]} columns */
function makeRow(columns) {
  const element = part('tr', 'row', 'fleet-row');
  const name = part('th', 'rowheader', 'fleet-name');
  const link = /** @type {HTMLAnchorElement} */ (make('a', 'fleet-link'));
  const device = make('span', 'fleet-device');
  const cells = columns.map(cellOf);
  name.append(link, device);
  element.append(name, ...cells.map(({ cell }) => cell));
  return {
    element,
    /** @param {Row} row */
    show(row) {
      const href = `./?vehicle_id=${row.id}`;
      if (link.getAttribute('href') !== href) link.setAttribute('href', href);
      setText(link, row.name);
      setText(device, row.device);
      element.dataset.vehicle = String(row.id);
      element.dataset.state = row.state;
      for (const cell of cells) cell.show(row);
    },
  };
}

/**
 * @param {Column} column
 * @returns {{ cell: HTMLElement, show(row: Row): void }}
 */
function cellOf(column) {
  if (column.id === 'state') return stateCell();
  if (column.id === 'alerts') return alertCell();
  if (column.id === 'heard') return heardCell(column.label);
  const cell = part('td', 'cell', 'fleet-value');
  const number = make('span', 'fleet-number');
  const unit = make('span', 'unit');
  cell.dataset.column = column.id;
  cell.dataset.label = column.label;
  cell.append(number, ' ', unit);
  return {
    cell,
    show({ data, alerts }) {
      const { key, value } = valueIn(column, data);
      cell.dataset.alert = alertOn(alerts, key)?.severity ?? 'none';
      setText(number, show(key, value));
      setText(unit, value === null ? '' : unitOf(key, value));
      if (column.id === 'level') showLevel(cell, value, isFuel(key));
    },
  };
}

/**
 * A bar below a level says at a glance how full it is, and of what.
 * @param {HTMLElement} cell
 * @param {number | null} value
 * @param {boolean} isOfFuel
 */
function showLevel(cell, value, isOfFuel) {
  cell.dataset.level = value === null ? 'none' : isOfFuel ? 'fuel' : 'charge';
  cell.style.setProperty('--level', `${Math.min(100, Math.max(0, value ?? 0))}%`);
  cell.title = value === null ? '' : word(isOfFuel ? 'fleet.fuel' : 'fleet.charge');
}

function stateCell() {
  const cell = part('td', 'cell', 'fleet-state');
  const badge = make('span', 'badge state-of');
  cell.append(badge);
  return {
    cell,
    /** @param {Row} row */
    show(row) {
      badge.dataset.state = row.state;
      setText(badge, stateWord({ state: row.state, heard: isHeard(row) }));
    },
  };
}

function alertCell() {
  const cell = part('td', 'cell', 'fleet-alert');
  return {
    cell,
    /** @param {Row} row */
    show({ alerts }) {
      cell.dataset.alert = alerts[0]?.severity ?? 'none';
      setText(cell, alertText(alerts));
    },
  };
}

/** @param {string} label */
function heardCell(label) {
  const cell = part('td', 'cell', 'fleet-heard');
  cell.dataset.label = label;
  return { cell, show: (/** @type {Row} */ row) => setText(cell, heardText(row)) };
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

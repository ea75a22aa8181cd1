// @ts-check
import { NO_CHOICE, ORDERS, STATES } from './fleet-choice.js';

/** @typedef {import('./fleet-choice.js').Choice} Choice */

/** What the page's address asks for: `?search=van&state=running&order=name&reversed=true&page=2`. @returns {Choice} */
export function choiceInAddress() {
  const query = new URL(location.href).searchParams;
  const page = Number(query.get('page'));
  return {
    search: query.get('search') ?? NO_CHOICE.search,
    state: STATES.find((state) => state === query.get('state')) ?? NO_CHOICE.state,
    order: ORDERS.find((order) => order === query.get('order')) ?? NO_CHOICE.order,
    reversed: query.get('reversed') === 'true',
    page: Number.isSafeInteger(page) && page > 0 ? page : NO_CHOICE.page,
  };
}

/** @param {Choice} choice */
export function putChoiceInAddress(choice) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(choice)) {
    if (value === NO_CHOICE[/** @type {keyof Choice} */ (name)]) url.searchParams.delete(name);
    else url.searchParams.set(name, String(value));
  }
  history.replaceState(history.state, '', url);
}

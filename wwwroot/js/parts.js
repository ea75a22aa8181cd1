// @ts-check

/**
 * An element that shows what the page knows, as soon as its module has come.
 * @template View
 * @typedef {HTMLElement & { show?(view: View): void }} PartOf
 */

/**
 * The elements of the page that show a view.
 * @param {string} selector
 * @returns {PartOf<any>[]}
 */
export function partsOf(selector) {
  return /** @type {PartOf<any>[]} */ ([...document.querySelectorAll(selector)]);
}

// @ts-check

let shown = -1;

/**
 * Number of open alerts, on the icon of the installed pages.
 * @param {number} count
 */
export function showAppBadge(count) {
  if (count === shown) return;
  shown = count;
  /** @type {any} */ (navigator).setAppBadge?.(count).catch(() => {});
}

// @ts-check

/**
 * Loads a style sheet of a part that comes after the first numbers.
 * @param {string} name
 */
export function lateStyle(name) {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL(`../../css/${name}.css`, import.meta.url).href;
  document.head.append(link);
  return new Promise((resolve) => {
    link.onload = link.onerror = () => resolve(null);
  });
}

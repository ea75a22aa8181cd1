// @ts-check
// Before anything is drawn: what the user chose, so that neither colours nor words change before their eyes, and the words come with the first modules.
// The one script that is no module: modules run too late for that.
{
  const root = document.documentElement;
  /** @param {string} name */
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage is switched off.
    }
  };
  const wanted = [kept('language'), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  root.lang = wanted.find((tag) => tag === 'en' || tag === 'fr') ?? 'en';
  const words = document.createElement('link');
  words.rel = 'modulepreload';
  words.href = new URL(`words/${root.lang}.js`, /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  document.head.append(words);
  const theme = kept('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
}

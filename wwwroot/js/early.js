// @ts-check
// Before anything is drawn: what the user chose, so that neither colours nor words change before their eyes. And what the first
// numbers need is asked for together with the modules: the words, and the last values.
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
  root.lang = wanted.find((tag) => ['en', 'fr', 'de', 'es'].includes(tag ?? '')) ?? 'en';
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  for (const name of [root.lang, ...(root.dataset.words?.split(' ') ?? []).map((book) => `${book}-${root.lang}`)]) {
    const words = document.createElement('link');
    words.rel = 'modulepreload';
    words.href = new URL(`words/${name}.js`, script.src).href;
    document.head.append(words);
  }
  const theme = kept('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const vehicle = new URLSearchParams(location.search).get('vehicle_id') ?? kept('vehicle');
  if ('asks' in root.dataset) {
    /** @type {any} */ (globalThis).latest = fetch(`telemetry/latest?${root.dataset.asks ? `signals=${root.dataset.asks}&` : ''}${vehicle ? `vehicle_id=${encodeURIComponent(vehicle)}` : 'prefer=running'}`, { cache: 'no-store' })
      .then(async (response) => ({ status: response.status, text: response.ok ? await response.text() : null }), () => null);
  }
}

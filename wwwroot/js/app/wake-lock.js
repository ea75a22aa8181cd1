// @ts-check

/** A phone in its holder, or the installed app; a desk is left to go dark as its owner set it. */
const HELD = matchMedia('(pointer: coarse), (display-mode: standalone)');

/** Keeps the screen lit while the shown vehicle runs. */
export class ScreenLight {
  /** @type {WakeLockSentinel | null} */
  #lock = null;
  #asked = false;

  /** @param {import('./view.js').View} view */
  show({ state }) {
    const wanted = state === 'running' && !document.hidden && HELD.matches;
    if (!wanted) this.#release();
    else if (!this.#lock && !this.#asked) this.#ask();
  }

  async #ask() {
    this.#asked = true;
    try {
      const lock = await navigator.wakeLock?.request('screen');
      // The browser takes it back when the page is hidden.
      lock?.addEventListener('release', () => {
        this.#lock = null;
        this.#asked = false;
      });
      this.#lock = lock ?? null;
    } catch {
      // Refused, usually because of a low battery: requested again at the vehicle's next start or when the page becomes visible.
    }
  }

  #release() {
    this.#asked = false;
    this.#lock?.release().catch(() => {});
    this.#lock = null;
  }
}

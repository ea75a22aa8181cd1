// @ts-check

/** Served over HTTPS or from this machine, the pages can be installed and open without the network. */
const workers = isSecureContext ? navigator.serviceWorker : undefined;

/** After all that a first visit needs; later visits look for a new version. */
addEventListener('load', () => workers?.register('sw.js').catch(() => {}));

/** A server that comes back may bring another version of the pages, of which a screen that is never loaded again would not hear. */
export async function lookForUpdate() {
  const registration = await workers?.getRegistration();
  await registration?.update().catch(() => {});
}

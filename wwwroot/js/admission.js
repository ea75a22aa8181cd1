// @ts-check

/** What asked last. @type {import('./live.js').Link | undefined} */
let asked;

/**
 * A socket does not say why it was not opened. Once for each that was not, asks the server whether it is for want of a login, and goes there.
 * @param {import('./live.js').Link} link
 */
export async function askForLogin(link) {
  if (link.status !== 'waiting' || link === asked) return;
  asked = link;
  const response = await fetch('clock', { cache: 'no-store' }).catch(() => null);
  if (response?.status !== 401) return;
  const page = new URL('login.html', document.baseURI);
  page.searchParams.set('next', location.pathname + location.search + location.hash);
  location.replace(page);
}

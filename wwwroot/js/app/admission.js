// @ts-check

/**
 * A socket does not say why it was not opened. Asks the server whether it is for want of a login, and goes there.
 * @returns {Promise<boolean>}  Whether the server answers.
 */
export async function askForLogin() {
  const response = await fetch('clock', { cache: 'no-store' }).catch(() => null);
  if (response?.status !== 401) return response?.ok === true;
  const page = new URL('login.html', document.baseURI);
  page.searchParams.set('next', location.pathname + location.search + location.hash);
  location.replace(page);
  return false;
}

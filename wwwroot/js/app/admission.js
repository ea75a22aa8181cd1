// @ts-check

/**
 * A socket does not report why it was not opened. Asks the server if a login is required, and opens the login page.
 * @returns {Promise<boolean>}  True if the server answers.
 */
export async function askForLogin() {
  const response = await fetch('clock', { cache: 'no-store' }).catch(() => null);
  if (response?.status !== 401) return response?.ok === true;
  const page = new URL('login.html', document.baseURI);
  page.searchParams.set('next', location.pathname + location.search + location.hash);
  location.replace(page);
  return false;
}

// @ts-check

/** Texts of the login page and of the page for wrong addresses, in English. */
export default {
  'login.title': 'Log in · Telemetry',
  'login.username': 'Username',
  'login.password': 'Password',
  'login.wrong': 'Username or password is wrong.',
  'login.often': 'Too many attempts. Try again in {seconds} s.',
  'login.tokens': 'This server has no login: it requires a token.',
  'missing.title': 'No such page · Telemetry',
  'missing.page': 'There is no page here',
  'missing.page.why': 'The address may be mistyped, or the page may have moved.',
};

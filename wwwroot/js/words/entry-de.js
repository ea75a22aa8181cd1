// @ts-check

/** Texts of the login page and of the page for wrong addresses, in German. @type {typeof import('./entry-en.js').default} */
export default {
  'login.title': 'Anmelden · Telemetry',
  'login.username': 'Benutzername',
  'login.password': 'Passwort',
  'login.wrong': 'Benutzername oder Passwort ist falsch.',
  'login.often': 'Zu viele Versuche. Der nächste in {seconds} s.',
  'login.tokens': 'Dieser Server hat keine Anmeldung: Er verlangt ein Token.',
  'missing.title': 'Seite nicht gefunden · Telemetry',
  'missing.page': 'Hier ist keine Seite',
  'missing.page.why': 'Die Adresse ist vielleicht falsch geschrieben, oder die Seite wurde verschoben.',
};

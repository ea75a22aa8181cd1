// @ts-check

/** Texts of the login page and of the page for wrong addresses, in French. */
export default {
  'login.title': 'Connexion · Telemetry',
  'login.username': 'Nom d’utilisateur',
  'login.password': 'Mot de passe',
  'login.wrong': 'Nom d’utilisateur ou mot de passe incorrect.',
  'login.often': 'Trop d’essais. Le prochain dans {seconds} s.',
  'login.tokens': 'Ce serveur n’a pas de connexion : il faut un jeton.',
  'missing.title': 'Page introuvable · Telemetry',
  'missing.page': 'Il n’y a pas de page ici',
  'missing.page.why': 'L’adresse est peut-être mal écrite, ou la page a changé de place.',
};

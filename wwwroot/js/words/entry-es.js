// @ts-check

/** Texts of the login page and of the page for wrong addresses, in Spanish. @type {typeof import('./entry-en.js').default} */
export default {
  'login.title': 'Iniciar sesión · Telemetry',
  'login.username': 'Usuario',
  'login.password': 'Contraseña',
  'login.wrong': 'El usuario o la contraseña no son correctos.',
  'login.often': 'Demasiados intentos. El próximo en {seconds} s.',
  'login.tokens': 'Este servidor no tiene inicio de sesión: requiere un token.',
  'missing.title': 'Página no encontrada · Telemetry',
  'missing.page': 'Aquí no hay ninguna página',
  'missing.page.why': 'Quizá la dirección está mal escrita, o la página se ha movido.',
};

// @ts-check

/** Texts of the charts that come after the first numbers, in Spanish. @type {typeof import('./analytics-en.js').default} */
export default {
  'live.legend': 'Puntos en directo',
  'live.minutes': '5 min',
  'live.points': '60 puntos',
  'live.all': 'Todos',
  'live.points.title': 'Últimos 60 puntos',
  'chart.failed': 'No se ha podido cargar',
  'live.all.title': 'Todos los puntos de los últimos 5 minutos',
  'pause': 'Pausa',
  'pause.resume': 'Seguir',
  'pause.missed': 'En pausa · {count} puntos nuevos',
  'pause.missed.one': 'En pausa · {count} punto nuevo',
  'pause.hint': 'Señalar un gráfico para leer un momento, arrastrar para ampliar. Con el teclado: flechas, + y −.',
  'range.order': 'El final debe ser posterior al comienzo.',
  'range.show': 'Mostrar',
  'range.empty': 'Sin lecturas en este periodo',
  'range.ready': 'Línea: media de {length}. Banda: del mínimo al máximo. Sombreado: sin conexión.',
  'chart.name': 'Otra señal',
  'chart.add': 'Añadir un gráfico',
  'export': 'Exportar CSV',
  'export.title': 'Todas las lecturas: {range}',
};

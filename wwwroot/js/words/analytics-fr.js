// @ts-check

/** Textes des courbes qui viennent après les premières valeurs, en français. */
export default {
  'live.legend': 'Points en direct',
  'live.minutes': '5 minutes',
  'live.points': '60 points',
  'live.all': 'Tous les points',
  'live.points.title': '60 derniers points',
  'chart.failed': 'Chargement impossible',
  'live.all.title': 'Tous les points des 5 dernières minutes',
};

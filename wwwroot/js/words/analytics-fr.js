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
  'pause': 'Pause',
  'pause.resume': 'Reprendre',
  'pause.missed': 'En pause · {count} nouveaux points',
  'pause.missed.one': 'En pause · {count} nouveau point',
  'pause.hint': 'Pointer une courbe pour lire un instant, glisser pour agrandir. Au clavier : flèches, + et −.',
  'range.order': 'La fin doit être après le début.',
  'range.show': 'Afficher',
  'range.empty': 'Aucune mesure sur cette période',
  'range.ready': 'Ligne : moyenne sur {length}. Bande : du minimum au maximum. Grisé : hors ligne.',
  'chart.name': 'Autre signal',
  'chart.add': 'Ajouter une courbe',
  'export': 'Exporter en CSV',
  'export.title': 'Toutes les mesures : {range}',
};

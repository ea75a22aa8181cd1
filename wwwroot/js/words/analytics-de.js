// @ts-check

/** Texts of the charts that come after the first numbers, in German. @type {typeof import('./analytics-en.js').default} */
export default {
  'live.legend': 'Live-Punkte',
  'live.minutes': '5 min',
  'live.points': '60 Punkte',
  'live.all': 'Alle',
  'live.points.title': 'Letzte 60 Punkte',
  'chart.failed': 'Konnte nicht geladen werden',
  'live.all.title': 'Alle Punkte der letzten 5 Minuten',
  'pause': 'Pause',
  'pause.resume': 'Weiter',
  'pause.missed': 'Pause · {count} neue Punkte',
  'pause.missed.one': 'Pause · {count} neuer Punkt',
  'pause.hint': 'Zeigen liest einen Moment ab, Ziehen vergrößert. Mit der Tastatur: Pfeile, + und −.',
  'range.order': 'Das Ende muss nach dem Anfang liegen.',
  'range.show': 'Zeigen',
  'range.empty': 'Keine Messwerte in diesem Zeitraum',
  'range.ready': 'Linie: Mittel über {length}. Band: niedrigster bis höchster Wert. Schattiert: offline.',
  'chart.name': 'Weiteres Signal',
  'chart.add': 'Diagramm hinzufügen',
  'export': 'CSV-Export',
  'export.title': 'Alle Messwerte: {range}',
};

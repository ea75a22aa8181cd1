// @ts-check

/** Texts of the charts that come after the first numbers, in English. */
export default {
  'live.legend': 'Live points',
  'live.minutes': '5 minutes',
  'live.points': '60 points',
  'live.all': 'All points',
  'live.points.title': 'Last 60 points',
  'chart.failed': 'Could not be loaded',
  'live.all.title': 'All points of the last 5 minutes',
  'pause': 'Pause',
  'pause.resume': 'Resume',
  'pause.missed': 'Paused · {count} new points',
  'pause.missed.one': 'Paused · {count} new point',
  'pause.hint': 'Point at a chart to read one moment, drag to zoom. With the keyboard: arrows, + and −.',
  'range.order': 'The end has to be after the beginning.',
  'range.show': 'Show',
  'range.empty': 'No readings in this range',
  'range.ready': 'Line: mean over {length}. Band: lowest to highest. Shaded: offline.',
  'chart.name': 'Another signal',
  'chart.add': 'Add a chart',
  'export': 'Export CSV',
  'export.title': 'All readings: {range}',
};

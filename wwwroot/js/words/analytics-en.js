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
};

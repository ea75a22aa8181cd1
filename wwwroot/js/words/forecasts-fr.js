// @ts-check

/** Texts about forecasts, in French. @type {typeof import('./forecasts-en.js').default} */
export default {
  'forecasts': 'Les prévisions et leur bilan',
  'forecasts.note': 'Chaque point est un des derniers trajets : ce qui était prévu et ce qui est arrivé. Sur la ligne pointillée, les deux sont égaux.',
  'forecasts.chart': '{name} : {count} prévisions et ce qui est arrivé, écart moyen {error}',
  'forecasts.came': 'arrivé ({unit})',
  'forecasts.said': 'prévu ({unit})',
  'forecast.warm_in': 'Temps jusqu’au moteur chaud',
  'forecast.coolant_expected': 'Température attendue du liquide',
  'forecast.range': 'Kilomètres sur les 10 % suivants',
  'forecast.charge_voltage': 'Tension attendue',
  'forecast.warm_in.now': '{degrees} dans ~{value} min ({low}–{high})',
  'forecast.range.now': 'encore ~{value} {unit} ({low}–{high})',
  'forecast.record.none': 'Pas encore de bilan sur ce véhicule',
  'forecast.record.starts': '±{error} sur vos {count} derniers démarrages',
  'forecast.record.drives': '±{error} sur vos {count} derniers trajets',
  'forecast.record.better': '{record}, {percent} % mieux qu’au jugé',
  'forecast.record.naive': '{record} ; le jugé fait aussi bien',
};

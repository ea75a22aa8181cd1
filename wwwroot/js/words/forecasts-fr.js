// @ts-check

/** Texts about forecasts, in French. @type {typeof import('./forecasts-en.js').default} */
export default {
  'forecasts': 'Les prévisions et leur bilan',
  'forecasts.note': 'Chaque point est un des derniers trajets : la prévision et la valeur réelle. Sur la ligne pointillée, les deux sont égales.',
  'forecasts.chart': '{name} : {count} prévisions et valeurs réelles, écart moyen {error}',
  'forecasts.came': 'réel ({unit})',
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
  'forecast.record.better': '{record}, {percent} % mieux qu’une estimation simple',
  'forecast.record.naive': '{record} ; une estimation simple fait aussi bien',
};

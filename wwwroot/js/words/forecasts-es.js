// @ts-check

/** Texts about forecasts, in Spanish. @type {typeof import('./forecasts-en.js').default} */
export default {
  'forecasts': 'Previsiones y su acierto',
  'forecasts.note': 'Cada punto es uno de los últimos viajes: la previsión y el valor real. En la línea discontinua ambos son iguales.',
  'forecasts.chart': '{name}: {count} previsiones frente a valores reales, error medio {error}',
  'forecasts.came': 'real ({unit})',
  'forecasts.said': 'previsión ({unit})',
  'forecast.warm_in': 'Tiempo hasta el motor caliente',
  'forecast.coolant_expected': 'Temperatura del refrigerante esperada',
  'forecast.range': 'Kilómetros con el próximo 10 %',
  'forecast.charge_voltage': 'Tensión esperada',
  'forecast.warm_in.now': '{degrees} en ~{value} min ({low}–{high})',
  'forecast.range.now': 'quedan ~{value} {unit} ({low}–{high})',
  'forecast.record.none': 'Aún sin balance en este vehículo',
  'forecast.record.starts': '±{error} en sus últimos {count} arranques',
  'forecast.record.drives': '±{error} en sus últimos {count} viajes',
  'forecast.record.better': '{record}, {percent} % mejor que una estimación simple',
  'forecast.record.naive': '{record}; una estimación simple acierta igual',
};

// @ts-check

/** Texts about forecasts, in English. */
export default {
  'forecasts': 'Forecasts and their record',
  'forecasts.note': 'Each dot is one of the last drives: the forecast and the actual value. On the dashed line both are the same.',
  'forecasts.chart': '{name}: {count} forecasts against actual values, {error} off on average',
  'forecasts.came': 'actual ({unit})',
  'forecasts.said': 'forecast ({unit})',
  'forecast.warm_in': 'Time until the engine is warm',
  'forecast.coolant_expected': 'Expected coolant temperature',
  'forecast.range': 'Kilometres on the next 10 %',
  'forecast.charge_voltage': 'Expected voltage',
  'forecast.warm_in.now': '{degrees} in ~{value} min ({low}–{high})',
  'forecast.range.now': '~{value} {unit} to go ({low}–{high})',
  'forecast.record.none': 'No record on this vehicle yet',
  'forecast.record.starts': '±{error} on your last {count} starts',
  'forecast.record.drives': '±{error} on your last {count} drives',
  'forecast.record.better': '{record}, {percent} % better than a simple estimate',
  'forecast.record.naive': '{record}; a simple estimate is as good',
};

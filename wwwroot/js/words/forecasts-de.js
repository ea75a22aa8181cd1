// @ts-check

/** Texts about forecasts, in German. @type {typeof import('./forecasts-en.js').default} */
export default {
  'forecasts': 'Prognosen und ihre Trefferquote',
  'forecasts.note': 'Jeder Punkt ist eine der letzten Fahrten: Prognose und tatsächlicher Wert. Auf der gestrichelten Linie sind beide gleich.',
  'forecasts.chart': '{name}: {count} Prognosen gegen tatsächliche Werte, im Mittel {error} daneben',
  'forecasts.came': 'tatsächlich ({unit})',
  'forecasts.said': 'Prognose ({unit})',
  'forecast.warm_in': 'Zeit bis zum warmen Motor',
  'forecast.coolant_expected': 'Erwartete Kühlmitteltemperatur',
  'forecast.range': 'Kilometer mit den nächsten 10 %',
  'forecast.charge_voltage': 'Erwartete Spannung',
  'forecast.warm_in.now': '{degrees} in ~{value} min ({low}–{high})',
  'forecast.range.now': 'noch ~{value} {unit} ({low}–{high})',
  'forecast.record.none': 'Noch keine Bilanz für dieses Fahrzeug',
  'forecast.record.starts': '±{error} bei Ihren letzten {count} Starts',
  'forecast.record.drives': '±{error} auf Ihren letzten {count} Fahrten',
  'forecast.record.better': '{record}, {percent} % besser als eine einfache Schätzung',
  'forecast.record.naive': '{record}; eine einfache Schätzung ist gleich gut',
};

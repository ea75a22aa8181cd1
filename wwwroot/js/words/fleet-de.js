// @ts-check

/** Texts of the fleet page, in German. @type {typeof import('./fleet-en.js').default} */
export default {
  'fleet.loading': 'Fahrzeuge werden geladen…',
  'fleet.count': '{running} von {total} in Betrieb',
  'fleet.count.some': '{count} von {total} Fahrzeugen',
  'fleet.vehicles': 'Fahrzeuge',
  'fleet.state': 'Zustand',
  'fleet.all': 'Alle',
  'fleet.alerts': 'Mit Alarmen',
  'fleet.alerts.more': '{rule} und {count} weitere',
  'fleet.search': 'Name oder Gerät suchen',
  'fleet.order': 'Reihenfolge',
  'fleet.order.number': 'Nach Nummer',
  'fleet.order.name': 'Nach Name',
  'fleet.order.heard': 'Neueste zuerst',
  'fleet.none': 'Kein passendes Fahrzeug',
  'fleet.pages': 'Seiten der Liste',
  'fleet.back': 'Zurück',
  'fleet.next': 'Weiter',
  'fleet.page': 'Seite {page} von {pages}',
};

// @ts-check

/** Texts of the fleet page, in French. */
export default {
  'fleet.loading': 'Chargement des véhicules…',
  'fleet.count': '{running} sur {total} en marche',
  'fleet.count.some': '{count} véhicules sur {total}',
  'fleet.vehicles': 'Véhicules',
  'fleet.state': 'État',
  'fleet.all': 'Tous',
  'fleet.alerts': 'Avec alertes',
  'fleet.alerts.more': '{rule} et {count} de plus',
  'fleet.search': 'Chercher un nom ou un boîtier',
  'fleet.order': 'Ordre',
  'fleet.order.number': 'Par numéro',
  'fleet.order.name': 'Par nom',
  'fleet.order.heard': 'Les plus récents',
  'fleet.none': 'Aucun véhicule de ce genre',
  'fleet.pages': 'Pages de la liste',
  'fleet.back': 'Précédent',
  'fleet.next': 'Suivant',
  'fleet.page': 'Page {page} sur {pages}',
};

// @ts-check

/** Texts of the fleet page, in English. */
export default {
  'fleet.loading': 'Loading the vehicles…',
  'fleet.count': '{running} of {total} running',
  'fleet.count.some': '{count} of {total} vehicles',
  'fleet.vehicles': 'Vehicles',
  'fleet.state': 'State',
  'fleet.all': 'All',
  'fleet.alerts': 'With alerts',
  'fleet.alerts.more': '{rule} and {count} more',
  'fleet.search': 'Search by name or device',
  'fleet.order': 'Order',
  'fleet.order.number': 'By number',
  'fleet.order.name': 'By name',
  'fleet.order.heard': 'Last heard first',
  'fleet.none': 'No matching vehicle',
  'fleet.pages': 'Pages of the list',
  'fleet.back': 'Back',
  'fleet.next': 'Next',
  'fleet.page': 'Page {page} of {pages}',
};

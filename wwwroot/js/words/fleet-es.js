// @ts-check

/** Texts of the fleet page, in Spanish. @type {typeof import('./fleet-en.js').default} */
export default {
  'fleet.loading': 'Cargando los vehículos…',
  'fleet.count': '{running} de {total} en marcha',
  'fleet.count.some': '{count} de {total} vehículos',
  'fleet.vehicles': 'Vehículos',
  'fleet.state': 'Estado',
  'fleet.all': 'Todos',
  'fleet.alerts': 'Con alertas',
  'fleet.alerts.more': '{rule} y {count} más',
  'fleet.search': 'Buscar nombre o dispositivo',
  'fleet.order': 'Orden',
  'fleet.order.number': 'Por número',
  'fleet.order.name': 'Por nombre',
  'fleet.order.heard': 'Los más recientes',
  'fleet.none': 'Ningún vehículo coincide',
  'fleet.pages': 'Páginas de la lista',
  'fleet.back': 'Anterior',
  'fleet.next': 'Siguiente',
  'fleet.page': 'Página {page} de {pages}',
};

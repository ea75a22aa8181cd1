// @ts-check

/** @typedef {import('../app/alert.js').Alert} Alert */

const COLUMNS = ['fired_at', 'cleared_at', 'severity', 'rule', 'vehicle_id', 'vehicle', 'signal', 'value', 'peak', 'unit', 'threshold', 'ended_by', 'acked_by', 'note'];

/**
 * @param {readonly Alert[]} alerts
 * @param {(id: number) => string} nameOf
 */
export function csvOf(alerts, nameOf) {
  const rows = alerts.map((alert) => [
    new Date(alert.firedAt).toISOString(), alert.clearedAt ? new Date(alert.clearedAt).toISOString() : '', alert.severity, alert.rule, alert.vehicleId ?? '', alert.vehicleId === null ? '' : nameOf(alert.vehicleId),
    alert.signal ?? '', alert.value ?? '', alert.peak ?? '', alert.unit, alert.threshold ?? '', alert.endedBy, alert.ackedBy, alert.note,
  ]);
  return [COLUMNS, ...rows].map((row) => row.map(cell).join()).join('\r\n');
}

/**
 * A name that begins as a formula does is a text to a spreadsheet, too.
 * @param {string | number} value
 */
function cell(value) {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {string} name
 * @param {string} text
 */
export function save(name, text) {
  const link = document.createElement('a');
  link.download = name;
  link.href = URL.createObjectURL(new Blob([`\ufeff${text}`], { type: 'text/csv' }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

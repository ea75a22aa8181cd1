// @ts-check

/** @typedef {ReturnType<typeof inkOf>} Ink */

/**
 * The colours and sizes that the style sheets give the element, as the canvas needs them.
 * @param {Element} element
 */
export function inkOf(element) {
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  const faint = (/** @type {number} */ part) => style.color.replace('rgb(', 'rgba(').replace(')', `, ${part})`);
  return {
    line: style.color,
    area: faint(0.14),
    band: faint(0.28),
    edge: faint(0.45),
    grid: style.getPropertyValue('--chart-grid').trim(),
    silent: style.getPropertyValue('--chart-silent').trim(),
    label: style.getPropertyValue('--ink-quiet').trim(),
    alert: { critical: style.getPropertyValue('--bad-dot').trim(), warning: style.getPropertyValue('--warn-dot').trim(), info: style.getPropertyValue('--info-dot').trim() },
    font: `${size}px ${style.fontFamily}`,
    size,
  };
}

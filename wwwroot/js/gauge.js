// @ts-check

const SVG = 'http://www.w3.org/2000/svg';
const ARC = 'M27.25 142A84 84 0 1 1 172.75 142';
const TICKS = 'M38.5 135.5A71 71 0 1 1 161.5 135.5';

/**
 * A decoration beside the number, which alone carries the value: hidden from screen readers.
 * @typedef {{ element: Element, set: (part: number | null) => void }} Gauge  part from 0 to 1.
 */

/** @returns {Gauge} */
export function bar() {
  const element = document.createElement('div');
  const fill = document.createElement('div');
  element.className = 'bar';
  element.setAttribute('aria-hidden', 'true');
  element.append(fill);
  return { element, set: (part) => { fill.style.transform = `scaleX(${part ?? 0})`; } };
}

/**
 * @param {readonly [number, number]} ends
 * @returns {Gauge}
 */
export function dial([low, high]) {
  const element = svg('svg', { class: 'dial', viewBox: '0 0 200 152', 'aria-hidden': 'true' });
  const fill = svg('path', { class: 'dial-fill', d: ARC, pathLength: '100' });
  element.append(
    svg('path', { class: 'dial-track', d: ARC }),
    svg('path', { class: 'dial-ticks', d: TICKS, pathLength: '100' }),
    fill,
    svg('text', { x: '45', y: '148' }, String(low)),
    svg('text', { x: '155', y: '148', 'text-anchor': 'end' }, String(high)),
  );
  return {
    element,
    set: (part) => {
      fill.style.strokeDashoffset = String(100 - (part ?? 0) * 100);
      fill.style.opacity = part ? '1' : '0';
    },
  };
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {string} [text]
 */
function svg(tag, attributes, text = '') {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

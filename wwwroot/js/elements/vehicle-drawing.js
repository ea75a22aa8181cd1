// @ts-check
import { shapes } from './vehicle-shapes.js';

const PARTS = /** @type {const} */ (['cabin', 'glass', 'frame', 'body', 'sill', 'line', 'lamp', 'tail', 'store']);

const MARKUP = `
  <defs>
    <linearGradient id="beam"><stop class="beam-near" offset="0"/><stop class="beam-far" offset="1"/></linearGradient>
    <linearGradient id="gloss" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".5"/><stop offset=".28" stop-color="#fff" stop-opacity=".06"/><stop offset=".5" stop-color="#fff" stop-opacity=".18"/><stop offset=".58" stop-opacity=".02"/><stop offset="1" stop-opacity=".5"/></linearGradient>
    <linearGradient id="pane" x2=".3" y2="1"><stop class="pane-sky" offset="0"/><stop class="pane-mid" offset=".45"/><stop class="pane-low" offset="1"/></linearGradient>
    <radialGradient id="warmth"><stop class="warmth-near" offset="0"/><stop class="warmth-far" offset="1"/></radialGradient>
    <g id="wheel"><path class="wheel-arch" d="M-1.12.3A1.16 1.16 0 1 1 1.12.3z"/><circle class="wheel-tyre" r="1"/><circle class="wheel-well" r=".74"/><circle class="wheel-rim" r=".75"/><path class="wheel-alloy" d="M-.06 0-.1-.73h.07L0-.2.03-.73h.07L.06 0z" transform="rotate(0)"/><path class="wheel-alloy" d="M-.06 0-.1-.73h.07L0-.2.03-.73h.07L.06 0z" transform="rotate(72)"/><path class="wheel-alloy" d="M-.06 0-.1-.73h.07L0-.2.03-.73h.07L.06 0z" transform="rotate(144)"/><path class="wheel-alloy" d="M-.06 0-.1-.73h.07L0-.2.03-.73h.07L.06 0z" transform="rotate(216)"/><path class="wheel-alloy" d="M-.06 0-.1-.73h.07L0-.2.03-.73h.07L.06 0z" transform="rotate(288)"/><circle class="wheel-alloy" r=".14"/></g>
  </defs>
  <ellipse class="car-shadow" cx="240" cy="176" rx="226" ry="9"/>
  <path class="car-beam"/>
  <path class="car-cabin"/>
  <path class="car-cabin car-gloss"/>
  <path class="car-glass"/>
  <path class="car-frame"/>
  <path class="car-body"/>
  <path class="car-body car-gloss"/>
  <path class="car-sill"/>
  <path class="car-line"/>
  <circle class="car-heat" r="52"/>
  <path class="car-lamp"/>
  <path class="car-tail"/>
  <path class="car-store" pathLength="100"/>
  <circle class="car-glow" r="26"/>
  <use class="car-wheel" href="#wheel"/>
  <use class="car-wheel" href="#wheel"/>`;

/**
 * Makes the drawing in the page one of a kind of vehicle.
 * @param {Element} drawing
 * @param {keyof typeof shapes} kind
 */
export function drawKind(drawing, kind) {
  if (drawing.getAttribute('data-kind') === kind) return;
  if (drawing.childElementCount === 0) drawing.innerHTML = MARKUP;
  drawing.setAttribute('data-kind', kind);
  const shape = shapes[kind];
  const set = (/** @type {string} */ selector, /** @type {Record<string, string>} */ attributes) => {
    for (const element of drawing.querySelectorAll(selector)) for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };
  drawing.setAttribute('viewBox', shape.box);
  for (const part of PARTS) set(`.car-${part}`, { d: shape[part] });
  drawing.querySelectorAll('.car-wheel').forEach((wheel, i) => {
    const [x, y, radius] = shape.wheels[i].split(' ');
    wheel.setAttribute('transform', `translate(${x} ${y}) scale(${radius})`);
  });
  const [[x, y], [nose, height]] = [shape.heat.split(' '), shape.nose.split(' ')];
  set('.car-heat', { cx: x, cy: y });
  set('.car-glow', { cx: nose, cy: height });
  set('.car-beam', { d: `m${nose} ${Number(height) - 6} 100-14v76z` });
  set('.car-shadow', { rx: String(shape.reach) });
}

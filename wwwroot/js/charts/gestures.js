// @ts-check

/** @typedef {import('./plot.js').Plot} Plot */

const STEP = 1.002;
const MAX_DELTA = 400;
/** Turns of a wheel that follow within this time are one. */
const REST = 140;
/** Movements of fewer pixels are taps. */
const MIN_MOVE = 8;

/**
 * The zoom of a chart, in seconds.
 * @typedef {{ zoom(from: number, to: number): void, unzoom(): void }} Zoomed
 */

/**
 * Zooms with the wheel, with two fingers, and moves with one.
 * @param {Plot} plot
 * @param {Zoomed} chart
 */
export function followGestures(plot, chart) {
  followWheel(plot, chart);
  followFingers(plot, chart);
}

/**
 * @param {Plot} plot
 * @param {Zoomed} chart
 */
function followWheel(plot, chart) {
  let turned = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  plot.over.addEventListener('wheel', (/** @type {WheelEvent} */ event) => {
    // A page that is scrolled back to its top is no chart to zoom; nor is there a way out of what is not zoomed.
    const isOut = event.deltaY > 0;
    const isForPage = isOut ? !plot.root.closest('[data-zoomed]') : document.scrollingElement !== null && document.scrollingElement.scrollTop > 0;
    if (event.deltaY === 0 || (isForPage && !event.ctrlKey)) return;
    event.preventDefault();
    turned += event.deltaY * (event.deltaMode === 1 ? 30 : 1);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const factor = STEP ** Math.max(-MAX_DELTA, turned);
      turned = 0;
      if (factor > 1) chart.unzoom();
      else zoomAround(plot, chart, event.offsetX, factor);
    }, REST);
  }, { passive: false });
}

/**
 * @param {Plot} plot
 * @param {Zoomed} chart
 * @param {number} x       Pixels: what is here stays here.
 * @param {number} factor
 */
function zoomAround(plot, chart, x, factor) {
  const { clientWidth: width } = plot.over;
  chart.zoom(plot.posToVal(x * (1 - factor), 'x'), plot.posToVal(x + (width - x) * factor, 'x'));
}

/**
 * @param {Plot} plot
 * @param {Zoomed} chart
 */
function followFingers(plot, chart) {
  /** @type {HTMLElement} */
  const over = plot.over;
  /** Where each finger began and is now. @type {Map<number, { from: number, to: number }>} */
  const fingers = new Map();
  let most = 0;
  over.addEventListener('pointerdown', ({ pointerType, pointerId, clientX }) => {
    if (pointerType !== 'touch') return;
    over.setPointerCapture(pointerId);
    const x = clientX - over.getBoundingClientRect().left;
    fingers.set(pointerId, { from: x, to: x });
    most = fingers.size;
  });
  over.addEventListener('pointermove', ({ pointerId, clientX }) => {
    const finger = fingers.get(pointerId);
    if (!finger) return;
    finger.to = clientX - over.getBoundingClientRect().left;
    show(plot, spanOf([...fingers.values()], over.clientWidth));
  });
  over.addEventListener('pointercancel', ({ pointerId }) => {
    fingers.delete(pointerId);
    show(plot, null);
  });
  over.addEventListener('pointerup', ({ pointerId }) => {
    const ended = [...fingers.values()];
    if (!fingers.delete(pointerId)) return;
    const span = most === ended.length ? spanOf(ended, over.clientWidth) : null;
    most = 0;
    show(plot, null);
    if (!span) return;
    const [from, to] = span;
    const isOut = to - from > over.clientWidth * 1.1;
    if (isOut) chart.unzoom();
    else chart.zoom(plot.posToVal(from, 'x'), plot.posToVal(to, 'x'));
  });
}

/**
 * The pixels from edge to edge that two fingers have spread or one has moved; null: they have not moved.
 * @param {{ from: number, to: number }[]} fingers
 * @param {number} width
 * @returns {[number, number] | null}
 */
function spanOf(fingers, width) {
  if (fingers.every(({ from, to }) => Math.abs(to - from) < MIN_MOVE)) return null;
  if (fingers.length === 1) {
    const moved = fingers[0].from - fingers[0].to;
    return [moved, width + moved];
  }
  const [left, right] = [...fingers].sort((a, b) => a.from - b.from);
  const scale = Math.max(20, right.from - left.from) / Math.max(20, right.to - left.to);
  return [left.from - left.to * scale, left.from + (width - left.to) * scale];
}

/**
 * The canvas follows the fingers; it is drawn anew when they have left.
 * @param {Plot} plot
 * @param {[number, number] | null} span
 */
function show(plot, span) {
  /** @type {HTMLElement} */
  const canvas = plot.root.querySelector('canvas');
  const { clientWidth: width, offsetLeft: left } = plot.over;
  canvas.style.transformOrigin = `${left}px 0`;
  canvas.style.transform = span ? `scaleX(${width / (span[1] - span[0])}) translateX(${-span[0]}px)` : '';
}

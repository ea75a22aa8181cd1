// @ts-check

/**
 * A time at which something was wrong: an alert, or what would have been one. Milliseconds; `clearedAt` null: it still is.
 * @typedef {Pick<import('../app/alert.js').Alert, 'firedAt' | 'clearedAt' | 'severity'>} Mark
 */

/**
 * Draws each alert as a shade as wide as it lasted, with a sign at the top where it fired: an octagon, a triangle or a diamond, as everywhere.
 * @param {import('./plot.js').Plot} plot
 * @param {readonly Mark[]} marks
 * @param {import('./ink.js').Ink} ink
 */
export function drawMarks(plot, marks, { alert, size }) {
  const { ctx, bbox } = plot;
  const [first, last] = [bbox.left, bbox.left + bbox.width];
  const radius = size * 0.42 * devicePixelRatio;
  ctx.save();
  for (const { firedAt, clearedAt, severity } of marks) {
    const left = plot.valToPos(firedAt / 1000, 'x', true);
    const right = clearedAt === null ? last : plot.valToPos(clearedAt / 1000, 'x', true);
    if (left > last || right < first) continue;
    ctx.fillStyle = ctx.strokeStyle = alert[severity];
    ctx.globalAlpha = 0.16;
    const start = Math.max(first, left);
    ctx.fillRect(start, bbox.top, Math.max(devicePixelRatio, Math.min(last, right) - start), bbox.height);
    ctx.globalAlpha = 1;
    if (left < first) continue;
    ctx.fillRect(left - devicePixelRatio / 2, bbox.top, devicePixelRatio, bbox.height);
    ctx.beginPath();
    for (const [x, y] of SHAPES[severity]) ctx.lineTo(left + x * radius, bbox.top + (y + 1) * radius);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}

/** @type {[number, number][]} */
const OCTAGON = Array.from({ length: 8 }, (_, i) => [Math.cos((i + 0.5) * Math.PI / 4), Math.sin((i + 0.5) * Math.PI / 4)]);

/** @type {Record<Mark['severity'], [number, number][]>} */
const SHAPES = { critical: OCTAGON, warning: [[0, -1], [1, 1], [-1, 1]], info: [[0, -1], [1, 0], [0, 1], [-1, 0]] };

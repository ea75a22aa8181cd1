// @ts-check

/**
 * Shades the times in which nothing came, from top to bottom, below everything else.
 * @param {import('./plot.js').Plot} plot
 * @param {readonly [number, number][]} silent  In seconds.
 * @param {string} colour
 */
export function drawSilences(plot, silent, colour) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colour;
  for (const [from, to] of silent) {
    const [left, right] = [from, to].map((time) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(time, 'x', true))));
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

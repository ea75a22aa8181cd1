// @ts-check

/** @typedef {import('../app/expected-trail.js').Expected} Expected */

/**
 * Draws an expected line, thin and dashed, with the band between its limits behind it.
 * @param {import('./plot.js').Plot} plot
 * @param {Expected | null} expected
 * @param {import('./ink.js').Ink} ink
 */
export function drawExpected(plot, expected, ink) {
  if (!expected) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = ink.label;
  ctx.strokeStyle = ink.label;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const [from, to] of stretches(expected.value)) {
    // Where there is no limit, the band ends with the line.
    const place = (/** @type {(number | null)[]} */ column, /** @type {number} */ i) =>
      /** @type {const} */ ([plot.valToPos(expected.time[i], 'x', true), plot.valToPos(column[i] ?? expected.value[i], 'y', true)]);
    ctx.globalAlpha = 0.1;
    ctx.beginPath();
    for (let i = from; i <= to; i++) ctx.lineTo(...place(expected.low, i));
    for (let i = to; i >= from; i--) ctx.lineTo(...place(expected.high, i));
    ctx.fill();
    ctx.globalAlpha = 0.9;
    ctx.beginPath();
    for (let i = from; i <= to; i++) ctx.lineTo(...place(expected.value, i));
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * Where there is a value without a break: first and last place of each.
 * @param {readonly (number | null)[]} values
 */
function stretches(values) {
  /** @type {[number, number][]} */
  const found = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const last = found.at(-1);
    if (last?.[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  });
  return found;
}

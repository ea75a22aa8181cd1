// @ts-check

/** @typedef {[number, number, number]} Point  Metres: forward, up, to the right. */
/** @typedef {(u: number, v: number) => Point} Surface  Both from 0 to 1. */

/**
 * A smooth surface over a net of points, which it follows without passing through them: a uniform cubic B-spline. A point
 * that is there twice makes a tighter bend. It begins and ends on the net's edge; at an edge in the middle of the vehicle
 * (z = 0) it goes on as its own mirror image, without a fold.
 * @param {Point[][]} net  Rows along u, each with its points along v.
 * @returns {Surface}
 */
export function surfaceOver(net) {
  const rows = net.map(extended);
  const columns = rows[0].length;
  const all = extendedRows(rows);
  return (u, v) => {
    const [row, rowWeights] = weightsAt(u, all.length - 3);
    const [column, columnWeights] = weightsAt(v, columns - 3);
    /** @type {Point} */
    const sum = [0, 0, 0];
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        const weight = rowWeights[i] * columnWeights[j];
        const point = all[row + i][column + j];
        for (let axis = 0; axis < 3; axis++) sum[axis] += weight * point[axis];
      }
    }
    return sum;
  };
}

/**
 * @param {number} place  From 0 to 1.
 * @param {number} spans
 * @returns {[number, number[]]}
 */
function weightsAt(place, spans) {
  const at = Math.min(Math.max(place, 0), 1) * spans;
  const span = Math.min(Math.floor(at), spans - 1);
  const t = at - span;
  const s = 1 - t;
  return [span, [s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6]];
}

/** With one more point at both ends. @param {Point[]} row @returns {Point[]} */
function extended(row) {
  return [beyond(row[0], row[1]), ...row, beyond(row[row.length - 1], row[row.length - 2])];
}

/** @param {Point[][]} rows */
function extendedRows(rows) {
  const outside = (/** @type {Point[]} */ edge, /** @type {Point[]} */ next) => edge.map((point, i) => beyond(point, next[i]));
  return [outside(rows[0], rows[1]), ...rows, outside(rows[rows.length - 1], rows[rows.length - 2])];
}

/** @param {Point} edge @param {Point} next @returns {Point} */
function beyond(edge, next) {
  if (edge[2] === 0 && next[2] !== 0) return [next[0], next[1], -next[2]];
  return [2 * edge[0] - next[0], 2 * edge[1] - next[1], 2 * edge[2] - next[2]];
}

/**
 * Passes through places of a row, smoothly and without overshooting.
 * @param {[number, number][]} row  Place and value, by rising place.
 */
export function curve(row) {
  const slopes = row.slice(1).map(([x, y], i) => (y - row[i][1]) / (x - row[i][0]));
  const tangents = row.map((_, i) => {
    const [before, after] = [slopes[i - 1], slopes[i]];
    if (before === undefined || after === undefined) return before ?? after;
    return before * after <= 0 ? 0 : 2 * before * after / (before + after);
  });
  return (/** @type {number} */ place) => {
    const x = Math.min(Math.max(place, row[0][0]), row[row.length - 1][0]);
    const i = Math.min(Math.max(row.findIndex(([at]) => at >= x) - 1, 0), row.length - 2);
    const width = row[i + 1][0] - row[i][0];
    const t = (x - row[i][0]) / width;
    const [a, b, c, d] = [2 * t ** 3 - 3 * t ** 2 + 1, t ** 3 - 2 * t ** 2 + t, 3 * t ** 2 - 2 * t ** 3, t ** 3 - t ** 2];
    return a * row[i][1] + b * width * tangents[i] + c * row[i + 1][1] + d * width * tangents[i + 1];
  };
}

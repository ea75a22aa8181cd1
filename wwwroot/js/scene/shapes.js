// @ts-check
import { BufferGeometry, Float32BufferAttribute } from '../../lib/three.module.js';

/** @typedef {[number, number, number]} Point  Metres: forward, up, to the right. */

/**
 * Flat faces between points; each face has its own corners, so that each keeps its own shade.
 * @param {Point[][]} faces  Of three or more corners, either way round: they are seen from both sides.
 */
export function faceted(faces) {
  const positions = faces.flatMap((face) => face.slice(2).flatMap((corner, i) => [...face[0], ...face[i + 1], ...corner]));
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.computeVertexNormals();
  return geometry;
}

/**
 * Becomes visible along the way forward: the corners' alpha rises from 0 to 1.
 * @param {BufferGeometry} geometry
 * @param {number} from
 * @param {number} to
 */
export function faded(geometry, from, to) {
  const { count, array } = geometry.getAttribute('position');
  const colours = Array.from({ length: count }, (_, i) => [1, 1, 1, along([[from, 0], [to, 1]], array[i * 3])]);
  geometry.setAttribute('color', new Float32BufferAttribute(colours.flat(), 4));
  return geometry;
}

/**
 * The skin over a row of ribs: four corners between each two neighbours of two neighbouring ribs.
 * @param {Point[][]} ribs  From the tail to the nose, each from the bottom upwards along the right side.
 * @param {(rib: number, strip: number) => boolean} wanted
 */
export function skin(ribs, wanted = () => true) {
  /** @type {Point[][]} */
  const faces = [];
  for (let rib = 0; rib < ribs.length - 1; rib++) {
    for (let strip = 0; strip < ribs[rib].length - 1; strip++) {
      if (!wanted(rib, strip)) continue;
      const face = [ribs[rib][strip], ribs[rib + 1][strip], ribs[rib + 1][strip + 1], ribs[rib][strip + 1]];
      faces.push(...onBothSides(face));
    }
  }
  return faces;
}

/**
 * A face of the right side, and its like on the left.
 * @param {Point[]} face
 * @returns {Point[][]}
 */
export function onBothSides(face) {
  return [face, face.map(([x, y, z]) => [x, y, -z])];
}

/**
 * Rises linearly between places of a row, and stays level beyond its ends.
 * @param {[number, number][]} row  Place and value, by rising place.
 * @param {number} place
 */
export function along(row, place) {
  const next = row.findIndex(([at]) => at >= place);
  if (next === -1) return row[row.length - 1][1];
  if (next === 0) return row[0][1];
  const [[from, low], [to, high]] = [row[next - 1], row[next]];
  return low + (high - low) * (place - from) / (to - from);
}

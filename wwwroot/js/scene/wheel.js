// @ts-check
import { BoxGeometry, CircleGeometry, CylinderGeometry, Group, Mesh, MeshStandardMaterial } from '../../lib/three.module.js';
import { WHEEL } from './wheel-size.js';

const SPOKES = 5;
const WIDTH = 0.235;

const tyre = new MeshStandardMaterial({ color: 0x15181f, roughness: 0.9, flatShading: true });
const metal = new MeshStandardMaterial({ color: 0xc9d2de, roughness: 0.35, metalness: 0.4, flatShading: true });
const dark = new MeshStandardMaterial({ color: 0x272c36, roughness: 0.7, flatShading: true });

/**
 * A wheel, and its look when it turns too fast to distinguish the spokes.
 * @param {number} side  1 on the right, -1 on the left.
 */
export function wheel(side) {
  const group = new Group();
  const spokes = new Group();
  const rubber = new Mesh(new CylinderGeometry(WHEEL.radius, WHEEL.radius, WIDTH, 28), tyre);
  const well = new Mesh(new CylinderGeometry(0.245, 0.245, WIDTH + 0.004, 28), dark);
  const rim = new Mesh(new CylinderGeometry(0.252, 0.252, 0.03, 28, 1, true), metal);
  for (const part of [rubber, well, rim]) part.rotation.x = Math.PI / 2;
  rim.position.z = side * WIDTH / 2;
  for (let i = 0; i < SPOKES; i++) {
    const spoke = new Mesh(new BoxGeometry(0.058, 0.24, 0.03), metal);
    spoke.position.set(0, 0.12, 0);
    const arm = new Group();
    arm.rotation.z = (i / SPOKES) * 2 * Math.PI;
    arm.add(spoke);
    spokes.add(arm);
  }
  const hub = new Mesh(new CylinderGeometry(0.06, 0.06, 0.05, 5), metal);
  hub.rotation.x = Math.PI / 2;
  spokes.add(hub);
  spokes.position.z = side * (WIDTH / 2 + 0.004);
  const blur = new Mesh(new CircleGeometry(0.245, 28), new MeshStandardMaterial({ color: 0x8b95a5, roughness: 0.4, transparent: true, opacity: 0 }));
  blur.position.z = side * (WIDTH / 2 + 0.024);
  if (side < 0) blur.rotation.y = Math.PI;
  group.add(rubber, well, rim, spokes, blur);
  return {
    group,
    /**
     * @param {number} angle
     * @param {number} turn  Since the frame before, in radians.
     */
    turnTo(angle, turn) {
      spokes.rotation.z = -angle;
      blur.material.opacity = Math.min(0.75, Math.max(0, turn - 0.25));
    },
  };
}

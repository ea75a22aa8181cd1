// @ts-check
import { Color } from '../../lib/three.js';

/** The lights of the studio and what its walls throw back, as the shaders see it: brightness in a direction. */
export const STUDIO = `
  uniform vec3 wall;
  uniform vec3 top;
  uniform vec3 floorTone;
  uniform float lamps;
  uniform float lit;
  uniform vec4 foot;

  float soft(float d, float s) { return 1.0 - smoothstep(-s, s, d); }

  float box(vec2 p, vec2 size, float round) {
    vec2 q = abs(p) - size + round;
    return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - round;
  }

  /* What a place sees in a direction, blurred by a rough surface. */
  vec3 studio(vec3 at, vec3 d, float rough) {
    float blur = 0.02 + rough;
    vec3 seen = mix(wall, top, smoothstep(-0.1 - blur, 0.75 + blur, d.y));
    float below = smoothstep(0.015 + blur * 0.7, -0.015 - blur * 0.7, d.y);
    vec2 foothold = at.xz + d.xz * (at.y / max(-d.y, 0.04));
    float shade = soft(box(foothold - foot.zw, foot.xy, 0.4), 0.35 + blur * 1.5) * 0.8;
    vec2 spot = foothold / vec2(4.5, 3.2);
    seen = mix(seen, floorTone * (0.6 + lit * exp(-dot(spot, spot))) * (1.0 - shade), below);
    /* A long light above, and one along each side. */
    vec2 over = at.xz + d.xz * ((3.2 - at.y) / max(d.y, 0.03)) - vec2(0.3, 0.0);
    float ceiling = soft(box(over, vec2(3.2, 0.85), 0.3), 0.12 + blur * 2.2) * smoothstep(0.0, 0.15, d.y) / (1.0 + blur * 1.6);
    vec2 right = at.xy + d.xy * ((4.5 - at.z) / max(d.z, 0.03));
    float near = soft(box(right - vec2(0.6, 2.3), vec2(3.6, 0.5), 0.3), 0.12 + blur * 2.2) * smoothstep(0.0, 0.15, d.z) / (1.0 + blur * 2.0);
    vec2 left = at.xy + d.xy * ((4.5 + at.z) / max(-d.z, 0.03));
    float far = soft(box(left - vec2(0.0, 2.2), vec2(3.6, 0.7), 0.3), 0.12 + blur * 2.2) * smoothstep(0.0, 0.15, -d.z) / (1.0 + blur * 2.0);
    vec2 ahead = at.zy + d.zy * ((6.0 - at.x) / max(d.x, 0.03));
    float front = soft(box(ahead - vec2(0.0, 2.6), vec2(2.2, 0.5), 0.3), 0.15 + blur * 2.2) * smoothstep(0.0, 0.15, d.x) / (1.0 + blur * 2.0);
    return seen + lamps * (ceiling * 2.6 + near * 1.9 + far * 1.5 * vec3(0.82, 0.9, 1.0) + front * 1.2);
  }

  /* Light that arrives from everywhere at a matt surface. */
  vec3 daylight(vec3 at, vec3 n) {
    vec3 around = mix(floorTone * 0.5, mix(wall, top, 0.6), n.y * 0.5 + 0.5);
    float direct = max(n.y * 0.75 + 0.2, 0.0) * 0.9 + max(n.z * 0.6 + n.y * 0.2, 0.0) * 0.5 + max(-n.z * 0.6 + n.y * 0.2, 0.0) * 0.3 + max(n.x, 0.0) * 0.35;
    float open = mix(smoothstep(-0.1, 0.55, at.y), 1.0, smoothstep(-0.2, 0.7, n.y));
    return (around + lamps * direct) * (0.25 + 0.75 * open);
  }

  vec3 filmed(vec3 c) {
    c *= 0.82;
    return clamp(c * (2.51 * c + 0.03) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
  }
`;

/** Shared by all materials, so that a theme changes them together. */
export const studio = {
  wall: { value: new Color() },
  top: { value: new Color() },
  floorTone: { value: new Color() },
  lamps: { value: 1 },
  /** How much brighter the floor is near the vehicle. */
  lit: { value: 0.6 },
  /** Half length and half width of what stands on the floor, and its middle. */
  foot: { value: [2.1, 0.85, 0, 0] },
};

/** @param {boolean} isDark */
export function light(isDark) {
  studio.lit.value = isDark ? 5 : 0.6;
  const [wall, top, floor, lamps] = isDark ? [[0.07, 0.09, 0.14], [0.015, 0.025, 0.05], [0.03, 0.037, 0.055], 0.85] : [[0.34, 0.36, 0.4], [0.16, 0.19, 0.25], [0.42, 0.4, 0.37], 1];
  studio.wall.value.setRGB(.../** @type {[number, number, number]} */ (wall));
  studio.top.value.setRGB(.../** @type {[number, number, number]} */ (top));
  studio.floorTone.value.setRGB(.../** @type {[number, number, number]} */ (floor));
  studio.lamps.value = /** @type {number} */ (lamps);
}

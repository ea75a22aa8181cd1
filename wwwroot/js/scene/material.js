// @ts-check
import { Color, DoubleSide, ShaderMaterial, Vector3 } from '../../lib/three.js';
import { STUDIO, studio } from './studio.js';

const VERTEX = `
  varying vec3 at;
  varying vec3 within;
  varying vec3 facing;
  void main() {
    vec4 place = modelMatrix * vec4(position, 1.0);
    at = place.xyz;
    within = position;
    facing = mat3(modelMatrix) * normal;
    gl_Position = projectionMatrix * viewMatrix * place;
  }`;

const FRAGMENT = `
  varying vec3 at;
  varying vec3 within;
  varying vec3 facing;
  uniform vec3 tone;
  uniform vec3 glow;
  uniform float rough;
  uniform float metal;
  uniform float coat;
  uniform float flakes;
  uniform float solid;
  uniform vec3 engine;
  uniform vec3 spread;
  uniform vec4 heat;
  uniform vec3 gauge;
  ${STUDIO}

  void main() {
    vec3 eye = normalize(cameraPosition - at);
    vec3 n = normalize(facing);
    if (dot(n, eye) < 0.0) n = -n;
    float front = clamp(dot(n, eye), 0.0, 1.0);
    float edge = pow(1.0 - front, 5.0);
    vec3 mirrored = reflect(-eye, n);
    vec3 base = tone * mix(1.0, 0.4 + 0.7 * front, flakes);
    vec3 polish = mix(vec3(0.04), base, metal);
    polish += (1.0 - polish) * edge * (1.0 - rough);
    vec3 colour = base * (1.0 - metal) * daylight(at, n) * (1.0 - 0.35 * flakes) * solid;
    colour += studio(at, mirrored, rough) * mix(polish, base * 0.55 + 0.01, flakes);
    float gloss = coat * (0.06 + 0.94 * edge);
    colour = mix(colour, studio(at, mirrored, 0.0), gloss);
    vec3 away = (within - engine) * spread;
    float warmth = exp(-dot(away, away)) * heat.a;
    colour = mix(colour, heat.rgb * (0.5 + 0.9 * warmth), warmth * 0.9) + glow * step(within.x * gauge.x + abs(within.z) * gauge.y, gauge.z);
    float cover = mix(gloss, 1.0, solid);
    gl_FragColor = vec4(pow(filmed(colour), vec3(1.0 / 2.2)) * mix(1.0, cover, step(0.99, solid)), cover);
  }`;

/**
 * @typedef {object} Look
 * @property {number} [tone]    Colour.
 * @property {number} [rough]   0: a mirror.
 * @property {number} [metal]
 * @property {number} [coat]    Clear lacquer above the colour.
 * @property {number} [flakes]  Of metal in the colour: it is darker where one looks along it.
 * @property {number} [solid]   Below 1: one looks through.
 */

/** @param {Look} look */
export function material({ tone = 0xffffff, rough = 0.5, metal = 0, coat = 0, flakes = 0, solid = 1 }) {
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    side: DoubleSide,
    transparent: solid < 1,
    depthWrite: solid === 1,
    premultipliedAlpha: true,
    uniforms: {
      ...studio,
      tone: { value: new Color(tone) },
      glow: { value: new Color(0) },
      rough: { value: rough },
      metal: { value: metal },
      coat: { value: coat },
      flakes: { value: flakes },
      solid: { value: solid },
      engine: { value: new Vector3() },
      spread: { value: new Vector3(1, 1, 1) },
      heat: { value: [0, 0, 0, 0] },
      gauge: { value: [0, 0, 1] },
    },
  });
}

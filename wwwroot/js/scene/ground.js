// @ts-check
import { Color, Mesh, PlaneGeometry, ShaderMaterial } from '../../lib/three.js';

const VERTEX = `
  varying vec2 place;
  varying vec4 mirrored;
  uniform mat4 mirror;
  void main() {
    vec4 at = modelMatrix * vec4(position, 1.0);
    place = vec2(at.x, at.z);
    mirrored = mirror * at;
    gl_Position = projectionMatrix * viewMatrix * at;
  }`;

// It fades into the card's own background on all sides: the picture has no edge.
const FRAGMENT = `
  varying vec2 place;
  varying vec4 mirrored;
  uniform sampler2D image;
  uniform float shine;
  uniform float way;
  uniform float beam;
  uniform float brake;
  uniform vec4 foot;
  uniform vec3 line;
  uniform vec3 shade;
  uniform vec3 lamp;

  float box(vec2 p, vec2 size, float round) {
    vec2 q = abs(p) - size + round;
    return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - round;
  }

  vec4 over(vec4 above, vec4 below) { return above + below * (1.0 - above.a); }

  void main() {
    float fade = 1.0 - smoothstep(1.8, 6.5, length(place * vec2(0.8, 1.2)));
    vec2 p = place - foot.zw;
    float dash = step(fract((place.x + way) / 4.0), 0.45);
    float soft = fwidth(place.y) * 1.5;
    float lane = (1.0 - smoothstep(0.05 - soft, 0.05 + soft, abs(abs(place.y) - 2.0))) * dash * fade * 0.75;
    vec4 seen = vec4(line, 1.0) * lane;
    vec2 uv = mirrored.xy / mirrored.w * 0.5 + 0.5;
    float far = length(max(abs(p) - foot.xy, 0.0));
    vec4 reflection = textureLod(image, uv, 1.0 + far * 1.2) * shine * (1.0 - smoothstep(0.0, 1.7, far));
    seen = over(reflection, seen);
    float wide = box(p, foot.xy * vec2(1.02, 1.0), 0.4);
    float core = (1.0 - smoothstep(-0.5, 0.1, wide)) * 0.62;
    float halo = exp(-3.2 * max(wide + 0.15, 0.0)) * 0.3;
    seen = over(vec4(shade, 1.0) * clamp(core + halo * (1.0 - core), 0.0, 1.0) * (0.35 + 0.65 * fade), seen);
    float ahead = p.x - foot.x + 0.1;
    float side = abs(p.y) - foot.y * 0.66 - ahead * 0.07;
    float cone = smoothstep(0.0, 0.5, ahead) * exp(-0.6 * max(ahead, 0.0)) * exp(-2.6 * side * side / (0.25 + max(ahead, 0.0) * 0.2)) * beam;
    seen += vec4(lamp, 0.7) * cone;
    float behind = -(p.x + foot.x) + 0.1;
    seen += vec4(1.0, 0.08, 0.06, 0.5) * smoothstep(0.0, 0.3, behind) * exp(-1.8 * max(behind, 0.0)) * exp(-1.6 * p.y * p.y / (foot.y * foot.y)) * brake;
    float cover = clamp(max(seen.a, max(seen.r, max(seen.g, seen.b))), 0.0, 1.0);
    gl_FragColor = vec4(min(seen.rgb, vec3(cover)), cover);
  }`;

/** The floor: the vehicle's reflection and shadow, the light of its lamps, and the road that passes. */
export function ground(/** @type {{ value: number[] }} */ foot) {
  const uniforms = {
    image: { value: /** @type {any} */ (null) },
    mirror: { value: /** @type {any} */ (null) },
    shine: { value: 0.4 },
    way: { value: 0 },
    beam: { value: 0 },
    brake: { value: 0 },
    foot,
    line: { value: new Color() },
    shade: { value: new Color() },
    lamp: { value: new Color(0xfff0c8) },
  };
  const material = new ShaderMaterial({ vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms, transparent: true, depthWrite: false, premultipliedAlpha: true });
  const mesh = new Mesh(new PlaneGeometry(20, 14), material);
  mesh.rotation.x = -Math.PI / 2;
  mesh.renderOrder = -1;
  return { mesh, uniforms };
}

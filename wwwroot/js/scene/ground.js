// @ts-check
import { Color, Mesh, PlaneGeometry, ShaderMaterial } from '../../lib/three.module.js';

const VERTEX = `
  varying vec2 place;
  void main() {
    place = position.xy;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;

// The road fades into the card's own background on all sides: the picture has no edge.
const FRAGMENT = `
  varying vec2 place;
  uniform float way;
  uniform float glow;
  uniform float beam;
  uniform vec3 line;
  uniform vec3 shade;
  uniform vec3 fire;
  uniform vec3 lamp;

  float box(vec2 p, vec2 size, float round) {
    vec2 q = abs(p) - size + round;
    return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - round;
  }

  void main() {
    float fade = 1.0 - smoothstep(2.0, 7.5, length(place * vec2(0.8, 1.25)));
    float dash = step(fract((place.x + way) / 4.0), 0.5);
    float lane = 1.0 - smoothstep(0.035, 0.06, abs(abs(place.y) - 1.9));
    float rung = (1.0 - smoothstep(0.012, 0.035, abs(fract((place.x + way) / 2.0) - 0.5) * 2.0)) * 0.22;
    float road = max(lane * dash * 0.8, rung * (1.0 - smoothstep(1.6, 1.9, abs(place.y))));
    float dark = (1.0 - smoothstep(-0.35, 0.5, box(place, vec2(2.15, 0.86), 0.35))) * 0.55;
    float heat = exp(-2.2 * length((place - vec2(1.75, 0.0)) * vec2(0.9, 0.75))) * glow;
    float ahead = place.x - 2.0;
    float cone = smoothstep(0.0, 0.6, ahead) * exp(-0.55 * ahead) * (1.0 - smoothstep(0.35, 1.15, abs(abs(place.y) - 0.55 - ahead * 0.08))) * beam;
    vec3 colour = mix(line, shade, step(road * fade, dark));
    float alpha = max(road * fade, dark);
    colour = mix(colour, fire, clamp(heat / (heat + alpha + 0.001), 0.0, 1.0));
    alpha = max(alpha, heat);
    colour = mix(colour, lamp, clamp(cone / (cone + alpha + 0.001), 0.0, 1.0));
    alpha = max(alpha, cone * fade);
    gl_FragColor = vec4(colour, alpha);
    #include <colorspace_fragment>
  }`;

/** The road that passes below, with the car's shadow, the engine's glow and the lamps' light on it. */
export function ground() {
  const uniforms = {
    way: { value: 0 },
    glow: { value: 0 },
    beam: { value: 0 },
    line: { value: new Color() },
    shade: { value: new Color() },
    fire: { value: new Color(0xff6a2b) },
    lamp: { value: new Color(0xfff0c8) },
  };
  const material = new ShaderMaterial({ vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms, transparent: true, depthWrite: false });
  const mesh = new Mesh(new PlaneGeometry(20, 14), material);
  mesh.rotation.x = -Math.PI / 2;
  return { mesh, uniforms };
}

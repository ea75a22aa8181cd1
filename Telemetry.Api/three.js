// The parts of three.js that the pages use; the build bundles them into wwwroot/lib/three.js.
export { BufferAttribute, BufferGeometry, Color, DoubleSide, Group, LinearMipmapLinearFilter, Mesh, PerspectiveCamera, PlaneGeometry, Scene, ShaderMaterial, Vector3, WebGLRenderer, WebGLRenderTarget } from 'three';

// @ts-check
import { LinearMipmapLinearFilter, PerspectiveCamera, WebGLRenderTarget } from '../../lib/three.js';

const SIZE = 0.5;

/** What the floor reflects: the vehicle seen from below it. */
export class Mirror {
  #target = new WebGLRenderTarget(1, 1, { samples: 2, generateMipmaps: true, minFilter: LinearMipmapLinearFilter });
  #camera = new PerspectiveCamera();

  /** @param {number} width @param {number} height  Pixels of the picture. */
  resize(width, height) {
    this.#target.setSize(Math.max(1, Math.round(width * SIZE)), Math.max(1, Math.round(height * SIZE)));
  }

  /**
   * @param {import('../../lib/three.js').WebGLRenderer} renderer
   * @param {import('../../lib/three.js').Scene} scene  Without the floor.
   * @param {PerspectiveCamera} camera
   * @param {number} height  Of the point that the camera looks at.
   * @param {{ image: { value: any }, mirror: { value: any } }} uniforms  Of the floor.
   */
  draw(renderer, scene, camera, height, uniforms) {
    this.#camera.copy(camera);
    this.#camera.position.y = -camera.position.y;
    this.#camera.up.set(0, -1, 0);
    this.#camera.lookAt(0, -height, 0);
    this.#camera.updateMatrixWorld();
    renderer.setRenderTarget(this.#target);
    renderer.render(scene, this.#camera);
    renderer.setRenderTarget(null);
    uniforms.image.value = this.#target.texture;
    uniforms.mirror.value = this.#camera.projectionMatrix.clone().multiply(this.#camera.matrixWorldInverse);
  }

  dispose() {
    this.#target.dispose();
  }
}

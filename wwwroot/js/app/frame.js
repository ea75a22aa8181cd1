// @ts-check

/**
 * @param {() => void} act
 */
export function once(act) {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}

/** Resolves after the next paint. @returns {Promise<void>} */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

/**
 * Draws at most once per animation frame, however often it is asked to.
 * @param {() => void} draw
 */
export function onFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

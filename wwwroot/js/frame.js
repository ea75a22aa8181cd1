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

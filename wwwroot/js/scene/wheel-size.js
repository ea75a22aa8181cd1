// @ts-check

/** Where the wheels stand and how large they are, in metres. */
export const WHEEL = { radius: 0.335, front: 1.36, rear: -1.3, track: 0.78 };

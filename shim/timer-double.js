/**
 * A setTimeout that waits for the test. Import before anything of the shim.
 * Never part of the bundle.
 * @module
 */
/** @type {Map<number, {run: () => void, delay: number}>} */
const timers = new Map();
let last = 0;

export const clock = {
  /** How many timers wait. */
  get pending() { return timers.size; },
  /** Runs the oldest timer. @returns {number} the milliseconds that it asked for */
  run() {
    const [[id, { run, delay }]] = timers;
    timers.delete(id);
    run();
    return delay;
  },
};

Object.assign(globalThis, {
  setTimeout: (/** @type {() => void} */ run, delay = 0) => {
    timers.set(++last, { run, delay });
    return last;
  },
  clearTimeout: (/** @type {number} */ id) => { timers.delete(id); },
});

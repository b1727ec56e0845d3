/**
 * Small doubles of what reads frames, and a clock that waits for the test.
 * Import before anything else of the shim. Never part of the bundle.
 * @module
 */
import './media-doubles.js';

const global = /** @type {any} */ (globalThis);

/** @type {Map<number, () => void>} */
const intervals = new Map();
let last = 0;
let time = 1000;

export const clock = {
  /** How many intervals run. */
  get running() { return intervals.size; },
  /** Lets time pass, then runs every interval once. @param {number} ms */
  pass(ms) {
    time += ms;
    for (const run of intervals.values()) run();
  },
};

global.setInterval = (/** @type {() => void} */ run) => {
  intervals.set(++last, run);
  return last;
};
global.clearInterval = (/** @type {number} */ id) => { intervals.delete(id); };
Object.defineProperty(global.performance, 'now', { configurable: true, value: () => time });

class AudioData {
  constructor(/** @type {any} */ init) { Object.assign(this, init); }
}

const { MediaStreamTrackGenerator } = global;
class Generator extends MediaStreamTrackGenerator {
  /** Frames that were written. @type {any[]} */
  frames = [];
  #writable = new WritableStream({
    write: (frame) => {
      if (this.readyState === 'ended') throw new TypeError('closed');
      this.frames.push(frame);
    },
  });
  get writable() { return this.#writable; }
}

class MediaRecorder extends EventTarget {
  #stream;
  constructor(/** @type {any} */ stream) {
    super();
    if (!(stream instanceof global.MediaStream)) throw new TypeError('native');
    this.#stream = stream;
  }
  get stream() { return this.#stream; }
  /** What it really records. */
  get recorded() { return this.#stream.getTracks(); }
  start(/** @type {any} */ slice = undefined) { if (slice === 'bad') throw new TypeError('native'); }
  stop() { this.dispatchEvent(new Event('stop')); }
}

class MediaStreamTrackProcessor {
  constructor(/** @type {any} */ init) { this.init = init; }
}

Object.assign(global, { AudioData, MediaStreamTrackGenerator: Generator, MediaRecorder, MediaStreamTrackProcessor });

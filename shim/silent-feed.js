/**
 * Frames of silence for what reads frames: a recording or a track processor of
 * a stand-in, which itself gives none. The voice is not in the browser, and
 * noise in its place must not be heard.
 * @module
 */
import {
  MediaStreamTrackGenerator, SafeMap, arrayForEach, arrayFrom, clearInterval, getter, now, setInterval, then, uncurry,
} from './natives.js';
import { AudioData, Float32Array, WritableStream, WritableStreamDefaultWriter, stopTrack } from './media-natives.js';
import { onMediaChange } from './media-changes.js';

/** Milliseconds between looks at the clock. */
const LOOK = 20;
/** A frame of 10 ms. */
const RATE = 48000;
const FRAME = RATE / 100;
/** Frames at most at a time: what is missed while the page sleeps is not made up for. */
const BURST = 100;

const writableOf = getter(MediaStreamTrackGenerator?.prototype, 'writable');
const getWriter = WritableStream && uncurry(WritableStream.prototype.getWriter);
const write = WritableStreamDefaultWriter && uncurry(WritableStreamDefaultWriter.prototype.write);

/** Feeds by the stand-in that each one is for. @type {Map<SilentFeed, import('./stand-in-track.js').StandIn>} */
const feeds = new SafeMap();

/** A track that gives silence between start and stop, and ends with its stand-in. */
export class SilentFeed {
  /** @type {any} */
  #timer;
  #writer;
  /** Frames written since the start, and when that was. */
  #written = 0;
  #start = 0;

  /** @param {import('./stand-in-track.js').StandIn} standIn */
  constructor(standIn) {
    this.track = new MediaStreamTrackGenerator({ kind: 'audio' });
    this.#writer = getWriter(writableOf(this.track));
    feeds.set(this, standIn);
  }

  start() {
    if (this.#timer !== undefined || !feeds.has(this)) return;
    this.#start = now();
    this.#written = 0;
    this.#timer = setInterval(() => this.#proceed(), LOOK);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the track. */
  end() {
    this.stop();
    feeds.delete(this);
    stopTrack(this.track);
  }

  #proceed() {
    const due = (now() - this.#start) / 10;
    if (due - this.#written > BURST) this.#written = due - due % 1 - BURST;
    for (; this.#written < due; this.#written++) {
      const frame = new AudioData({
        format: 'f32-planar', sampleRate: RATE, numberOfFrames: FRAME, numberOfChannels: 1,
        timestamp: (this.#start + this.#written * 10) * 1000, data: new Float32Array(FRAME),
      });
      // Whoever stops the track closes its stream too.
      then(write(this.#writer, frame), undefined, () => this.end());
    }
  }
}

/** Whether this browser can make frames; insecure pages cannot. */
export const canFeed = !!(AudioData && write && MediaStreamTrackGenerator);

onMediaChange(() => {
  arrayForEach(arrayFrom(feeds.entries()), (/** @type {any} */ [feed, standIn]) => { if (standIn.ended) feed.end(); });
});

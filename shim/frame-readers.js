/**
 * What reads the frames of tracks: MediaRecorder (MediaStream Recording) and
 * MediaStreamTrackProcessor. In place of stand-ins they get tracks of silence,
 * so that a recording lasts as long as it does and a loop of reads goes on.
 * @module
 */
import {
  MediaStream, SafeWeakMap, addEventListener, arrayFilter, arrayForEach, arrayMap, getter, streamTracks, uncurry,
} from './natives.js';
import { MediaRecorder, isMediaStream } from './media-natives.js';
import { wrapConstructor } from './constructors.js';
import { replaceMembers } from './idl.js';
import { SilentFeed, canFeed } from './silent-feed.js';
import { standInOf } from './stand-in-track.js';

const recorderStream = getter(MediaRecorder?.prototype, 'stream');
const startRecorder = MediaRecorder && uncurry(MediaRecorder.prototype.start);
/** The page's streams and what was made for them, by what the platform records. @type {WeakMap<object, {stream: any, feeds: SilentFeed[]}>} */
const replaced = new SafeWeakMap();

/** @param {any} window */
export function installFrameReaders(window) {
  if (!canFeed) return;
  wrapConstructor(window, 'MediaStreamTrackProcessor', () => undefined, ([init, ...rest]) => [processed(init), ...rest]);
  if (!window.MediaRecorder) return;
  replaceMembers(window.MediaRecorder.prototype, {
    /** @this {any} */
    get stream() {
      const native = recorderStream(this);
      return replaced.get(native)?.stream ?? native;
    },
    /** @this {any} @param {any[]} args */
    start(...args) {
      startRecorder(this, ...args);
      // The event comes with the first frames.
      arrayForEach(feedsOf(this), (/** @type {SilentFeed} */ feed) => feed.start());
    },
  });
  wrapConstructor(window, 'MediaRecorder', follow, ([stream, ...rest]) => [recorded(stream), ...rest]);
}

/** @param {any} track @returns {boolean} whether it gives no frames though it should */
function isDry(track) {
  const standIn = standInOf(track);
  return standIn !== undefined && !standIn.ended && standIn.kind === 'audio';
}

/** @param {any} track @returns {SilentFeed} */
function feedFor(track) {
  return new SilentFeed(/** @type {any} */ (standInOf(track)));
}

/** @param {any} init MediaStreamTrackProcessorInit */
function processed(init) {
  if (typeof init !== 'object' || init === null || !isDry(init.track)) return init;
  const feed = feedFor(init.track);
  feed.start();
  return { ...init, track: feed.track };
}

/** @param {any} stream @returns {any} one that the platform can record */
function recorded(stream) {
  const tracks = isMediaStream(stream) ? streamTracks(stream) : [];
  if (arrayFilter(tracks, isDry).length === 0) return stream;
  /** @type {SilentFeed[]} */
  const feeds = [];
  const wet = new MediaStream(arrayMap(tracks, (/** @type {any} */ track) => {
    if (!isDry(track)) return track;
    const feed = feedFor(track);
    feeds[feeds.length] = feed;
    return feed.track;
  }));
  replaced.set(wet, { stream, feeds });
  return wet;
}

/** Feeds a recorder no longer than it records. @param {any} recorder */
function follow(recorder) {
  const feeds = feedsOf(recorder);
  if (feeds.length === 0) return;
  addEventListener(recorder, 'stop', () => arrayForEach(feeds, (/** @type {SilentFeed} */ feed) => feed.stop()));
}

/** @param {any} recorder @returns {SilentFeed[]} */
function feedsOf(recorder) {
  return replaced.get(recorderStream(recorder))?.feeds ?? [];
}

/**
 * MediaStream of the page: streams of the far end carry its ids, and clones
 * keep their stand-ins.
 * @module
 */
import {
  MediaStream, MediaStreamTrackEvent, SafeWeakMap, arrayFind, arrayForEach, streamAddTrack, streamId,
  streamRemoveTrack, streamTracks,
} from './natives.js';
import { cloneStream, streamTrackById } from './media-natives.js';
import { isMixable } from './carried-audio.js';
import { fire } from './event-target.js';
import { replaceMembers } from './idl.js';
import { mediaChanged } from './media-changes.js';
import { cloneNative } from './media-stream-track.js';
import { isCaptured } from './native-capture.js';
import { isNative, standInOf } from './stand-in-track.js';

/** Ids of streams that the far end named. @type {WeakMap<object, string>} */
const ids = new SafeWeakMap();

/**
 * A stream that the far end named.
 * @param {string} id MediaStream.id
 * @returns {any} an empty genuine MediaStream
 */
export function createRemoteStream(id) {
  const stream = new MediaStream();
  ids.set(stream, id);
  return stream;
}

/**
 * Adds a track as the platform does and fires addtrack (Media Capture and
 * Streams, section 4.2.2).
 * @param {any} stream
 * @param {any} track
 */
export function addRemoteTrack(stream, track) {
  if (arrayFind(streamTracks(stream), (/** @type {any} */ each) => each === track)) return;
  streamAddTrack(stream, track);
  mediaChanged();
  fire(stream, new MediaStreamTrackEvent('addtrack', { track }));
}

/**
 * Removes a track as the platform does and fires removetrack.
 * @param {any} stream
 * @param {any} track
 */
export function removeRemoteTrack(stream, track) {
  if (!arrayFind(streamTracks(stream), (/** @type {any} */ each) => each === track)) return;
  streamRemoveTrack(stream, track);
  mediaChanged();
  fire(stream, new MediaStreamTrackEvent('removetrack', { track }));
}

/** @param {any} window */
export function installStreams(window) {
  replaceMembers(window.MediaStream.prototype, members);
}

/** Media Capture and Streams, section 4.2.2. */
const members = {
  /** @this {any} */
  get id() {
    return ids.get(this) ?? streamId(this);
  },
  /** @this {any} @param {any} id */
  getTrackById(id) {
    if (arguments.length === 0) return streamTrackById(this);
    const wanted = `${id}`;
    const standIn = arrayFind(streamTracks(this), (/** @type {any} */ track) => standInOf(track)?.id === wanted);
    if (standIn) return standIn;
    const track = streamTrackById(this, wanted);
    // A stand-in whose own native id the page does not know.
    return track && isNative(track) ? track : null;
  },
  /** @this {any} @param {any} track */
  addTrack(track) {
    if (arguments.length === 0) streamAddTrack(this);
    streamAddTrack(this, track);
    mediaChanged();
  },
  /** @this {any} @param {any} track */
  removeTrack(track) {
    if (arguments.length === 0) streamRemoveTrack(this);
    streamRemoveTrack(this, track);
    mediaChanged();
  },
  /** @this {any} */
  clone() {
    const tracks = streamTracks(this);
    if (!arrayFind(tracks, (/** @type {any} */ track) => standInOf(track) || isMixable(track) || isCaptured(track))) {
      return cloneStream(this);
    }
    const copy = new MediaStream();
    arrayForEach(tracks, (/** @type {any} */ track) => {
      streamAddTrack(copy, standInOf(track)?.clone() ?? cloneNative(track));
    });
    return copy;
  },
};

/**
 * Audio that the browser itself captures: what a page gets beside video, or
 * the sound of a tab. The endpoint has nothing of it.
 * @module
 */
import { SafeWeakSet, arrayForEach } from './natives.js';
import { isMediaStream, streamAudioTracks } from './media-natives.js';

/** @type {WeakSet<object>} */
const captured = new SafeWeakSet();

/** @param {any} stream what the platform's getUserMedia gave */
export function noteCapture(stream) {
  if (isMediaStream(stream)) arrayForEach(streamAudioTracks(stream), (/** @type {any} */ track) => captured.add(track));
}

/** @param {any} track @param {any} clone of it */
export function noteCaptureClone(track, clone) {
  if (captured.has(track)) captured.add(clone);
}

/** @param {any} track @returns {boolean} */
export function isCaptured(track) {
  return captured.has(track);
}

/**
 * The browser's own microphone in place of the endpoint's, for connections that
 * the browser carries itself. It follows the stand-in: what the page mutes or
 * stops is muted and stopped here.
 * @module
 */
import { SafeMap, SafeWeakSet, arrayFrom, then, warn } from './natives.js';
import { getUserMedia, mediaDevicesOf, setTrackEnabled, stopTrack, streamAudioTracks } from './media-natives.js';
import { onMediaChange } from './media-changes.js';
import { alias } from './native-objects.js';
import { standInOf } from './stand-in-track.js';

/** @typedef {import('./stand-in-track.js').StandIn} StandIn */

/** Native tracks by the live stand-ins that they are for. @type {Map<StandIn, any>} */
const captured = new SafeMap();
/** Stand-ins whose capture was asked for. @type {WeakSet<StandIn>} */
const asked = new SafeWeakSet();

/**
 * Captures for a stand-in of a microphone, once; does nothing for any other
 * track.
 * @param {any} track
 * @param {(native: any) => void} ready called with the native track
 */
export function captureNatively(track, ready) {
  const standIn = standInOf(track);
  if (!standIn || !standIn.local || !standIn.settings || standIn.ended || asked.has(standIn)) return;
  asked.add(standIn);
  const { echoCancellation = true, noiseSuppression = true, autoGainControl = true } = standIn.settings;
  const audio = { echoCancellation, noiseSuppression, autoGainControl };
  const { navigator } = /** @type {any} */ (globalThis);
  then(getUserMedia(mediaDevicesOf(navigator), { audio }), (/** @type {any} */ stream) => {
    const [native] = streamAudioTracks(stream);
    captured.set(standIn, native);
    alias(track, native);
    follow();
    ready(native);
  }, (/** @type {any} */ error) => {
    asked.delete(standIn);
    warn('Nearend: a call with video is the browser’s own, and the browser has no microphone for it.', error);
  });
}

onMediaChange(follow);

function follow() {
  for (const [standIn, native] of arrayFrom(captured)) {
    setTrackEnabled(native, standIn.enabled);
    if (!standIn.ended) continue;
    stopTrack(native);
    captured.delete(standIn);
  }
}

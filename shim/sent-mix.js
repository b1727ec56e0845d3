/**
 * Tracks of MediaStreamAudioDestinationNodes that the page sends. The sound of
 * stand-ins is not in the browser, so the endpoint makes such a track of theirs
 * with the gains that the graph gives them.
 * @module
 */
import {
  SafeMap, arrayForEach, arrayFrom, arrayMap, stringify, trackId, trackReadyState,
} from './natives.js';
import { FinalizationRegistry, WeakRef, trackEnabled } from './media-natives.js';
import { inputsOf, isMixable } from './carried-audio.js';
import { onLink, requestWith } from './channel.js';
import { mediaChanged } from './media-changes.js';
import { Method } from './protocol.gen.js';

/** @typedef {{reference: {deref(): any}, said: string}} Sent said: the inputs that the endpoint was told */

/** Those that exist at the endpoint, by id. @type {Map<string, Sent>} */
const sent = new SafeMap();
const forgotten = FinalizationRegistry && new FinalizationRegistry((/** @type {string} */ id) => {
  if (sent.delete(id)) requestWith(Method.TrackStop, { track: id });
});
onLink((state) => {
  if (state === 'lost') sent.clear();
});

/**
 * The endpoint's name of a track that graphs make; it exists there from the
 * first time on.
 * @param {any} track
 * @returns {string|undefined} undefined for any other track, and one that ended before it was sent
 */
export function mixName(track) {
  if (!isMixable(track)) return undefined;
  const id = trackId(track);
  if (sent.has(id)) return id;
  if (trackReadyState(track) === 'ended') return undefined;
  const mix = { reference: new WeakRef(track), said: '' };
  sent.set(id, mix);
  forgotten?.register(track, id);
  tell(id, mix);
  if (!trackEnabled(track)) mixEnabled(track);
  // Gains are looked at from now on.
  mediaChanged();
  return id;
}

/** @returns {boolean} whether anybody hears what graphs make */
export function hasMixes() {
  return sent.size > 0;
}

/** Tells the endpoint what has changed in what graphs make. */
export function updateMixes() {
  arrayForEach(arrayFrom(sent.entries()), (/** @type {[string, Sent]} */ [id, mix]) => tell(id, mix));
}

/** @param {string} id @param {Sent} mix */
function tell(id, mix) {
  const track = mix.reference.deref();
  if (!track || trackReadyState(track) === 'ended') return;
  const inputs = arrayMap(inputsOf(track), (/** @type {import('./carried-audio.js').Input} */ { standIn, gain }) => ({
    track: standIn.track, gain,
  }));
  const text = stringify(inputs);
  if (text === mix.said) return;
  mix.said = text;
  requestWith(Method.TrackMix, { track: id, inputs });
}

/** Follows `enabled`. @param {any} track */
export function mixEnabled(track) {
  const id = trackId(track);
  if (sent.has(id)) requestWith(Method.TrackSetEnabled, { track: id, enabled: trackEnabled(track) });
}

/** Follows stop(). @param {any} track not stopped yet */
export function mixStopped(track) {
  const id = trackId(track);
  if (sent.has(id) && trackReadyState(track) === 'live') requestWith(Method.TrackStop, { track: id });
}

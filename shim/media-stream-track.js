/**
 * MediaStreamTrack of the page: stand-ins answer for the endpoint's audio, all
 * other tracks behave natively.
 * @module
 */
import { rejectedPromise, resolvedPromise, then, trackId, trackKind, trackReadyState } from './natives.js';
import {
  applyTrackConstraints, cloneTrack, setTrackEnabled, stopTrack, trackCapabilities, trackConstraints, trackEnabled,
  trackLabel, trackMuted, trackSettings,
} from './media-natives.js';
import { copyPlain, parseAudioConstraints } from './audio-constraints.js';
import { isMixable, noteClone } from './carried-audio.js';
import { request } from './channel.js';
import { replaceMembers } from './idl.js';
import { Method } from './protocol.gen.js';
import { noteCaptureClone } from './native-capture.js';
import { mixEnabled, mixStopped } from './sent-mix.js';
import { followTracks, standInOf } from './stand-in-track.js';

/**
 * Media Capture and Streams, section 4.3.3.
 * @param {any} window
 */
export function installTracks(window) {
  replaceMembers(window.MediaStreamTrack.prototype, members);
  if (window === globalThis) followTracks();
}

/** `this` is whatever the page calls them on; the native member checks it. */
const members = {
  /** @this {any} */
  get kind() {
    return standInOf(this)?.kind ?? trackKind(this);
  },
  /** @this {any} */
  get id() {
    return standInOf(this)?.id ?? trackId(this);
  },
  /** @this {any} */
  get label() {
    return standInOf(this)?.label ?? trackLabel(this);
  },
  /** @this {any} */
  get muted() {
    return standInOf(this)?.muted ?? trackMuted(this);
  },
  /** @this {any} */
  get enabled() {
    return standInOf(this)?.enabled ?? trackEnabled(this);
  },
  set enabled(value) {
    const standIn = standInOf(this);
    if (standIn) standIn.setEnabled(!!value);
    else setNativeEnabled(this, value);
  },
  /** @this {any} */
  get readyState() {
    const standIn = standInOf(this);
    if (!standIn) return trackReadyState(this);
    return standIn.ended ? 'ended' : 'live';
  },
  /** @this {any} */
  clone() {
    const standIn = standInOf(this);
    return standIn ? standIn.clone() : cloneNative(this);
  },
  /** @this {any} */
  stop() {
    const standIn = standInOf(this);
    if (standIn) standIn.stop();
    else stopNative(this);
  },
  /** @this {any} */
  getSettings() {
    const standIn = standInOf(this);
    return standIn ? copyPlain(standIn.settings ?? {}) : trackSettings(this);
  },
  /** @this {any} */
  getCapabilities() {
    const standIn = standInOf(this);
    return standIn ? copyPlain(standIn.capabilities ?? {}) : trackCapabilities(this);
  },
  /** @this {any} */
  getConstraints() {
    const standIn = standInOf(this);
    return standIn ? copyPlain(standIn.constraints) : trackConstraints(this);
  },
  /** @this {any} */
  applyConstraints(constraints = undefined) {
    const standIn = standInOf(this);
    return standIn ? applyConstraints(standIn, constraints) : applyTrackConstraints(this, constraints);
  },
};

/** @param {any} track @param {any} value */
function setNativeEnabled(track, value) {
  setTrackEnabled(track, value);
  mixEnabled(track);
}

/** @param {any} track @returns {any} */
export function cloneNative(track) {
  const clone = cloneTrack(track);
  noteClone(track, clone);
  noteCaptureClone(track, clone);
  return clone;
}

/** @param {any} track */
function stopNative(track) {
  if (isMixable(track)) mixStopped(track);
  stopTrack(track);
}

/**
 * Media Capture and Streams, section 11.1.1 "applyConstraints". The track of a
 * receiver has no settings to constrain, and an ended one none any more.
 * @param {import('./stand-in-track.js').StandIn} standIn
 * @param {any} constraints
 * @returns {Promise<undefined>}
 */
function applyConstraints(standIn, constraints) {
  let parsed;
  try {
    parsed = parseAudioConstraints(constraints);
  } catch (error) {
    return rejectedPromise(error);
  }
  const { audio, given } = parsed;
  if (standIn.ended || !standIn.settings) {
    standIn.constraints = given;
    return resolvedPromise(undefined);
  }
  return then(request(Method.TrackApplyConstraints, { track: standIn.track, audio }), (/** @type {any} */ settings) => {
    standIn.settings = settings;
    standIn.constraints = given;
  });
}

/**
 * Stand-in tracks: genuine native MediaStreamTrack objects that represent
 * audio living at the endpoint.
 *
 * A stand-in is the clone of a MediaStreamTrackGenerator, so the platform takes
 * it wherever it takes a track; nothing is ever written into it, so it is
 * silent and costs nothing. What the page must see instead of the native values
 * is kept here, tied to the track by a WeakMap: `clone()` and garbage
 * collection work as for any track.
 *
 * @module
 */
import { MediaStreamTrackGenerator, SafeMap, SafeSet, SafeWeakMap, arrayFrom, trackId } from './natives.js';
import { FinalizationRegistry, WeakRef, cloneTrack, setTrackEnabled, stopTrack } from './media-natives.js';
import { onLink, requestWith, on } from './channel.js';
import { fire } from './event-target.js';
import { mediaChanged } from './media-changes.js';
import { Method } from './protocol.gen.js';

/**
 * What a stand-in starts with. All is optional.
 * @typedef {object} StandInInit
 * @property {string} [track] the endpoint's name of the audio; default: the native track's own id
 * @property {string} [id] MediaStreamTrack.id if it is not the native one
 * @property {string} [label]
 * @property {'audio'|'video'} [kind] "video" for the receiver of a line that is answered inactive
 * @property {boolean} [muted]
 * @property {boolean} [local] true for captured audio and its clones, which this page owns: they are
 *   stopped at the endpoint when the page stops or forgets them. False for the track of a receiver.
 * @property {boolean} [enabled]
 * @property {any} [settings] protocol TrackSettings
 * @property {any} [capabilities] protocol TrackCapabilities
 * @property {any} [constraints] MediaTrackConstraints as the page gave them
 * @property {Set<StandIn>} [family] the live stand-ins of the same source, which mute and end together
 */

/** @type {WeakMap<object, StandIn>} */
const standIns = new SafeWeakMap();
/** Live stand-ins by the endpoint's name. @type {Map<string, StandIn>} */
const live = new SafeMap();

/** Stops owned audio that the page has forgotten. */
const forgotten = FinalizationRegistry && new FinalizationRegistry((/** @type {StandIn} */ standIn) => {
  standIn.stop();
});

/** The state behind one stand-in track. Does not keep the track alive. */
export class StandIn {
  /** @param {any} track @param {StandInInit} init */
  constructor(track, init) {
    /** @type {{deref(): any}} */
    this.reference = new WeakRef(track);
    /** The endpoint's name of the audio. */
    this.track = init.track ?? trackId(track);
    this.id = init.id ?? trackId(track);
    this.label = init.label ?? '';
    /** @type {'audio'|'video'} */
    this.kind = init.kind ?? 'audio';
    this.muted = init.muted ?? false;
    this.local = init.local ?? false;
    this.enabled = init.enabled ?? true;
    this.ended = false;
    this.settings = init.settings ?? null;
    this.capabilities = init.capabilities ?? null;
    this.constraints = init.constraints ?? {};
    /** @type {Set<StandIn>} */
    this.family = init.family ?? new SafeSet();
    this.family.add(this);
  }

  /** True while the audio may be heard: not ended, not disabled. */
  get audible() {
    return !this.ended && this.enabled && this.kind === 'audio';
  }

  /** @param {string} id what MediaStreamTrack.id becomes */
  setId(id) {
    this.id = id;
  }

  /**
   * Sets `muted` of this track and its clones and fires mute or unmute where it
   * changes (Media Capture and Streams, section 4.3.1 "set a track's muted
   * state").
   * @param {boolean} muted
   */
  setMuted(muted) {
    for (const each of arrayFrom(this.family)) {
      if (each.muted === muted) continue;
      each.muted = muted;
      const track = each.reference.deref();
      if (track) fire(track, muted ? 'mute' : 'unmute');
    }
  }

  /**
   * Sets `enabled`; the endpoint is told, and answers once it holds.
   * @param {boolean} enabled
   */
  setEnabled(enabled) {
    if (this.enabled === enabled) return;
    this.enabled = enabled;
    const track = this.reference.deref();
    if (track) setTrackEnabled(track, enabled);
    if (this.ended) return;
    requestWith(Method.TrackSetEnabled, { track: this.track, enabled });
    mediaChanged();
  }

  /**
   * Ends the track and its clones because their source ended, and fires
   * `ended`. Nothing is sent: the endpoint knows.
   */
  end() {
    for (const each of arrayFrom(this.family)) {
      if (!each.finish()) continue;
      const track = each.reference.deref();
      if (track) fire(track, 'ended');
    }
  }

  /** Ends the track because the page stopped or forgot it: no event. */
  stop() {
    if (this.finish() && this.local) requestWith(Method.TrackStop, { track: this.track });
  }

  /** @returns {boolean} false when it had ended before */
  finish() {
    if (this.ended) return false;
    this.ended = true;
    forget(this);
    const track = this.reference.deref();
    if (track) stopTrack(track);
    mediaChanged();
    return true;
  }

  /**
   * A new track of the same source (Media Capture and Streams, section 4.3.1
   * "clone a track"). The endpoint keeps it apart from this one.
   * @returns {any} a stand-in track
   */
  clone() {
    const native = mintTrack(this.kind);
    const copy = adopt(native, { ...this.init(), track: trackId(native), id: undefined, local: true });
    if (this.ended) {
      copy.finish();
    } else {
      requestWith(Method.TrackClone, { track: this.track, clone: copy.track });
    }
    return native;
  }

  /** @returns {StandInInit} what an equal stand-in would start with */
  init() {
    const { track, id, label, kind, muted, local, enabled, settings, capabilities, constraints, family } = this;
    return { track, id, label, kind, muted, local, enabled, settings, capabilities, constraints, family };
  }
}

/**
 * A native track that nobody writes into: live, silent and free of cost
 * (measured: two generators fed at 48 kHz would take a third of a core).
 * @param {string} [kind]
 * @returns {any}
 */
export function mintTrack(kind = 'audio') {
  return cloneTrack(new MediaStreamTrackGenerator({ kind }));
}

/**
 * Ties a track that mintTrack made to endpoint audio.
 * @param {any} track
 * @param {StandInInit} init
 * @returns {StandIn}
 */
export function adopt(track, init) {
  const standIn = new StandIn(track, init);
  standIns.set(track, standIn);
  live.set(standIn.track, standIn);
  if (!standIn.enabled) setTrackEnabled(track, false);
  forgotten?.register(track, standIn);
  return standIn;
}

/**
 * Makes a track that stands for audio at the endpoint.
 * @param {StandInInit} init
 * @returns {any} a genuine MediaStreamTrack
 */
export function createStandIn(init) {
  const track = mintTrack(init.kind);
  adopt(track, init);
  return track;
}

/**
 * The state behind a track; undefined when the track is not a stand-in.
 * @param {any} track
 * @returns {StandIn | undefined}
 */
export function standInOf(track) {
  return typeof track === 'object' && track !== null ? standIns.get(track) : undefined;
}

/**
 * True for a track that is none of ours: the platform carries its media.
 * @param {any} track
 */
export function isNative(track) {
  return !standIns.has(track);
}

/** @param {StandIn} standIn */
function forget(standIn) {
  standIn.family.delete(standIn);
  if (live.get(standIn.track) === standIn) live.delete(standIn.track);
}

/**
 * Follows what the endpoint and the link say about tracks. Called once.
 */
export function followTracks() {
  on(Method.TrackChanged, (/** @type {any} */ { track, muted, ended, settings, label }) => {
    const standIn = live.get(track);
    if (!standIn) return;
    if (settings) standIn.settings = settings;
    if (label) standIn.label = label;
    if (ended) standIn.end();
    else standIn.setMuted(muted === true);
  });
  onLink((state) => {
    if (state === 'lost') for (const standIn of arrayFrom(live.values())) standIn.end();
  });
}

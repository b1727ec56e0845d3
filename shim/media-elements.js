/**
 * HTMLMediaElement of the page. A redirected track is heard at the endpoint
 * when, and only when, an element plays it; here it is silent by nature, for
 * nothing is ever written into a stand-in.
 *
 * The element stays the platform's own: it loads, plays and fires its events
 * natively. This file watches what would be heard and shows it to a player.
 *
 * @module
 */
import {
  SafeSet, SafeWeakMap, addEventListener, arrayForEach, arrayFrom, arrayPush,
  eventTarget, rejectedPromise, resolvedPromise, streamTracks, then,
} from './natives.js';
import {
  FinalizationRegistry, WeakRef, elementAutoplay, elementCurrentTime, elementMuted, elementPaused, elementSinkId,
  elementVolume, isMediaElement, isMediaStream, load, pause, play, setElementMuted, setElementSinkId, setElementVolume, setSrcObject, srcObject,
} from './media-natives.js';
import { audibleNames, carriedBy } from './carried-audio.js';
import { onLink } from './channel.js';
import { requireOutput } from './device-list.js';
import { domException } from './errors.js';
import { replaceMembers } from './idl.js';
import { mediaChanged, onMediaChange } from './media-changes.js';
import { allowsFeature } from './permissions.js';
import { Player } from './player.js';
import { SilentPlayback } from './silent-playback.js';

/**
 * What is known of one element beyond the platform's own state.
 * @typedef {object} Watched
 * @property {{deref(): any}} reference
 * @property {Player} player
 * @property {SilentPlayback} silent
 * @property {boolean} autoplaying HTML, "can autoplay flag"
 * @property {string | undefined} sinkId the endpoint's output device that the page chose
 */

/** @type {WeakMap<object, Watched>} */
const watchedElements = new SafeWeakMap();
/** Those that have, or lately had, a stream. @type {Set<Watched>} */
const active = new SafeSet();

const collected = FinalizationRegistry && new FinalizationRegistry((/** @type {Watched} */ watched) => {
  watched.player.close();
  active.delete(watched);
});

/** @param {any} window */
export function installMediaElements(window) {
  replaceMembers(window.HTMLMediaElement.prototype, members);
  if (window !== globalThis) return;
  onMediaChange(showAll);
  onLink((state) => {
    if (state === 'lost') for (const { player } of arrayFrom(active)) player.forget();
  });
}

/** @param {any} element @returns {Watched} */
function watch(element) {
  let watched = watchedElements.get(element);
  if (watched) return watched;
  watched = {
    reference: new WeakRef(element), player: new Player(), silent: new SilentPlayback(), autoplaying: true, sinkId: undefined,
  };
  watchedElements.set(element, watched);
  collected?.register(element, watched);
  for (const type of ['play', 'pause', 'volumechange', 'emptied', 'ended']) addEventListener(element, type, mediaChanged);
  addEventListener(element, 'canplay', dataArrived);
  return watched;
}

function showAll() {
  for (const watched of arrayFrom(active)) show(watched);
}

/** @param {Watched} watched */
function show(watched) {
  const element = watched.reference.deref();
  if (!element) return;
  const stream = streamOf(element);
  if (!stream) active.delete(watched);
  watched.player.show({
    tracks: stream ? audibleNames(standInsOf(stream)) : [],
    playing: watched.silent.playing || !elementPaused(element),
    muted: elementMuted(element),
    volume: elementVolume(element),
    sinkId: watched.sinkId ?? '',
  });
}

/** The stream that an element plays, if it plays one. @param {any} element */
function streamOf(element) {
  const source = srcObject(element);
  return isMediaStream(source) ? source : null;
}

/** @param {any} stream */
function standInsOf(stream) {
  /** @type {import('./carried-audio.js').StandIn[]} */
  const result = [];
  arrayForEach(streamTracks(stream), (/** @type {any} */ track) => arrayPush(result, ...carriedBy(track)));
  return result;
}

/**
 * Whether the platform renders nothing of a stream: all of it is redirected.
 * @param {any} stream
 */
function isSilentHere(stream) {
  let silent = true;
  arrayForEach(streamTracks(stream), (/** @type {any} */ track) => { silent &&= carriedBy(track).length > 0; });
  return silent;
}

/**
 * The element can play. Where the autoplay attribute asks for it and the
 * platform refused, it plays silently (HTML, "eligible for autoplay").
 * @param {Event} event
 */
function dataArrived(event) {
  const element = eventTarget(event);
  const { silent, autoplaying } = watch(element);
  silent.dataArrived();
  if (!autoplaying || silent.playing || !elementAutoplay(element) || !elementPaused(element)) return;
  const stream = streamOf(element);
  if (stream && isSilentHere(stream)) then(silent.play(element), undefined, () => {});
}

/** HTML, section 4.8.11, and Audio Output Devices API, section 2. */
const members = {
  /** @this {any} */
  get srcObject() {
    return srcObject(this);
  },
  set srcObject(value) {
    setSrcObject(this, value);
    reload(this);
  },
  /** @this {any} */
  load() {
    load(this);
    if (watchedElements.has(this)) reload(this);
  },
  /** @this {any} */
  play() {
    const watched = watchedElements.get(this);
    const stream = watched && streamOf(this);
    if (!watched || !stream) return play(this);
    watched.autoplaying = false;
    if (watched.silent.playing) return watched.silent.play(this);
    const native = play(this);
    mediaChanged();
    // The platform decides at once: an element that it refuses stays paused.
    if (!elementPaused(this) || !isSilentHere(stream)) return native;
    then(native, undefined, () => {});
    return watched.silent.play(this);
  },
  /** @this {any} */
  pause() {
    const watched = watchedElements.get(this);
    pause(this);
    if (!watched) return;
    watched.autoplaying = false;
    watched.silent.pause();
    mediaChanged();
  },
  /** @this {any} */
  get paused() {
    return !watchedElements.get(this)?.silent.playing && elementPaused(this);
  },
  /** @this {any} */
  get currentTime() {
    const watched = watchedElements.get(this);
    return watched ? watched.silent.currentTime(this) : elementCurrentTime(this);
  },
  /** @this {any} */
  get muted() {
    return elementMuted(this);
  },
  set muted(value) {
    setElementMuted(this, value);
    mediaChanged();
  },
  /** @this {any} */
  get volume() {
    return elementVolume(this);
  },
  set volume(value) {
    setElementVolume(this, value);
    mediaChanged();
  },
  /** @this {any} */
  get sinkId() {
    return watchedElements.get(this)?.sinkId ?? elementSinkId(this);
  },
  /** @this {any} @param {any} sinkId */
  setSinkId(sinkId) {
    if (arguments.length === 0) return setElementSinkId(this);
    return isMediaElement(this) ? chooseOutput(this, `${sinkId}`) : setElementSinkId(this, sinkId);
  },
};

/**
 * The load algorithm ran: whatever played has stopped.
 * @param {any} element
 */
function reload(element) {
  const watched = watch(element);
  watched.autoplaying = true;
  watched.silent.reset();
  if (streamOf(element)) active.add(watched);
  mediaChanged();
}

/**
 * Audio Output Devices API, section 2.2: the page knows the endpoint's devices
 * only. What the platform itself renders goes on to its default output.
 * @param {any} element
 * @param {string} sinkId
 * @returns {Promise<undefined>}
 */
function chooseOutput(element, sinkId) {
  const watched = watch(element);
  if (sinkId === (watched.sinkId ?? elementSinkId(element))) return resolvedPromise(undefined);
  if (!allowsFeature('speaker-selection')) {
    return rejectedPromise(domException('NotAllowedError', 'Access to speaker selection is not allowed.'));
  }
  const found = sinkId === '' ? resolvedPromise(undefined) : requireOutput(sinkId);
  return then(found, () => {
    watched.sinkId = sinkId;
    mediaChanged();
  });
}

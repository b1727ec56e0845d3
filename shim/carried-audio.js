/**
 * Which redirected audio a track carries: a stand-in its own, the track of a
 * MediaStreamAudioDestinationNode that of the stand-ins which its graph mixes.
 * @module
 */
import { SafeWeakMap, SafeWeakSet, arrayFilter, arrayMap } from './natives.js';
import { standInOf } from './stand-in-track.js';

/**
 * @typedef {import('./stand-in-track.js').StandIn} StandIn
 * @typedef {{standIn: StandIn, gain: number}} Input what goes into a stream, with a linear gain
 */

/** Tracks of destination nodes, and their clones. @type {WeakSet<object>} */
const mixable = new SafeWeakSet();
/** By the destination node's own track. @type {WeakMap<object, Input[]>} */
const mixed = new SafeWeakMap();
/** Destination nodes' own tracks by their clones. @type {WeakMap<object, object>} */
const originals = new SafeWeakMap();

/** @param {any} track of a destination node */
export function noteMixable(track) {
  mixable.add(track);
}

/** @param {any} track @param {any} clone of it, which carries the same */
export function noteClone(track, clone) {
  if (!mixable.has(track)) return;
  mixable.add(clone);
  originals.set(clone, originals.get(track) ?? track);
}

/** @param {any} track @returns {boolean} whether graphs decide what the track carries */
export function isMixable(track) {
  return mixable.has(track);
}

/**
 * @param {any} track
 * @returns {StandIn[]} empty for a track whose media the platform carries
 */
export function carriedBy(track) {
  const standIn = standInOf(track);
  return standIn ? [standIn] : arrayMap(inputsOf(track), (/** @type {Input} */ input) => input.standIn);
}

/** @param {any} track @returns {Input[]} what a graph mixes into it */
export function inputsOf(track) {
  return mixed.get(originals.get(track) ?? track) ?? [];
}

/**
 * Notes what a graph mixes into the track of a destination node.
 * @param {any} track
 * @param {Input[]} inputs each stand-in once
 * @returns {boolean} whether these are other stand-ins than before
 */
export function setCarried(track, inputs) {
  const before = inputsOf(track);
  if (inputs.length > 0) mixed.set(track, inputs);
  else mixed.delete(track);
  return before.length !== inputs.length || inputs.some(({ standIn }, at) => standIn !== before[at].standIn);
}

/**
 * The endpoint's names of what can be heard of stand-ins, each once.
 * @param {Iterable<StandIn>} standIns
 * @returns {string[]}
 */
export function audibleNames(standIns) {
  return arrayFilter(
    [...standIns].map(({ audible, track }) => (audible ? track : '')),
    (/** @type {string} */ name, /** @type {number} */ at, /** @type {string[]} */ names) => name && names.indexOf(name) === at,
  );
}

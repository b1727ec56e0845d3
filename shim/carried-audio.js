/**
 * Which redirected audio a track carries: a stand-in its own, the track of a
 * MediaStreamAudioDestinationNode that of the stand-ins which its graph mixes.
 * @module
 */
import { SafeWeakMap, arrayFilter } from './natives.js';
import { standInOf } from './stand-in-track.js';

/** @typedef {import('./stand-in-track.js').StandIn} StandIn */

/** @type {WeakMap<object, StandIn[]>} */
const mixed = new SafeWeakMap();

/**
 * @param {any} track
 * @returns {StandIn[]} empty for a track whose media the platform carries
 */
export function carriedBy(track) {
  const standIn = standInOf(track);
  return standIn ? [standIn] : mixed.get(track) ?? [];
}

/**
 * Notes what a graph mixes into the track of a destination node.
 * @param {any} track
 * @param {StandIn[]} standIns
 * @returns {boolean} whether that is something new
 */
export function setCarried(track, standIns) {
  const before = mixed.get(track) ?? [];
  if (standIns.length > 0) mixed.set(track, standIns);
  else mixed.delete(track);
  return before.length !== standIns.length || standIns.some((standIn, at) => standIn !== before[at]);
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

/**
 * How loud endpoint audio is. The endpoint reports the tracks that somebody
 * observes here, and no others.
 * @module
 */
import { SafeMap, SafeSet, arrayForEach, arrayFrom, queueMicrotask } from './natives.js';
import { on, onLink, requestWith } from './channel.js';
import { Method } from './protocol.gen.js';

/** @typedef {(level: number) => void} LevelHandler RMS of the last 30 ms, linear, 0 to 1 */

/** Handlers by the endpoint's name of the track. @type {Map<string, Set<LevelHandler>>} */
const handlers = new SafeMap();
let pending = false;

/** Follows what the endpoint reports. Called once. */
export function followLevels() {
  on(Method.Levels, (/** @type {any} */ { levels }) => {
    /** @type {Map<string, number>} */
    const byTrack = new SafeMap();
    arrayForEach(levels ?? [], (/** @type {any} */ { track, level }) => { byTrack.set(track, level); });
    // A track that is not named is silent.
    for (const [track, own] of arrayFrom(handlers)) {
      for (const handler of arrayFrom(own)) handler(byTrack.get(track) ?? 0);
    }
  });
  onLink((state) => {
    if (state === 'lost') handlers.clear();
  });
}

/**
 * Reports the level of a track until the returned function is called.
 * @param {string} track the endpoint's name
 * @param {LevelHandler} handler
 * @returns {() => void}
 */
export function observeLevel(track, handler) {
  let own = handlers.get(track);
  if (!own) {
    handlers.set(track, own = new SafeSet());
    announce();
  }
  own.add(handler);
  return () => {
    const left = handlers.get(track);
    if (!left?.delete(handler) || left.size > 0) return;
    handlers.delete(track);
    announce();
  };
}

/** Tells the endpoint the whole set, once for each burst of changes. */
function announce() {
  if (pending) return;
  pending = true;
  queueMicrotask(() => {
    pending = false;
    requestWith(Method.LevelsObserve, { tracks: arrayFrom(handlers.keys()) });
  });
}

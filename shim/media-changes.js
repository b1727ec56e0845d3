/**
 * Word that something which decides what is heard changed: a stand-in was
 * enabled, disabled or ended, a stream gained or lost a track, a Web Audio
 * graph was rewired. The platform tells nobody of most of these.
 * @module
 */
import { SafeSet, arrayFrom, queueMicrotask } from './natives.js';

/** @type {Set<() => void>} */
const observers = new SafeSet();
let pending = false;

/**
 * Calls observer once after every burst of changes, as a microtask.
 * @param {() => void} observer
 */
export function onMediaChange(observer) {
  observers.add(observer);
}

/** Says that something changed. */
export function mediaChanged() {
  if (pending) return;
  pending = true;
  queueMicrotask(() => {
    pending = false;
    for (const observer of arrayFrom(observers)) observer();
  });
}

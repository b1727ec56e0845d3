/**
 * Objects of the page whose work the platform's own objects do: a peer
 * connection that carries video and everything that belongs to it. The page
 * keeps the objects and the interfaces that it knows; what it does to one of
 * them goes on to the native object behind it, and what comes back is again the
 * page's.
 * @module
 */
import {
  Event, EventTarget, MediaStreamEvent, MessageEvent, Object, RTCDTMFToneChangeEvent, RTCErrorEvent,
  RTCPeerConnectionIceErrorEvent, RTCPeerConnectionIceEvent, SafeMap, SafeWeakMap, addEventListener, apply, arrayFind,
  arrayForEach, arrayMap, arrayPush, construct, defineProperty, eventType, getOwnPropertyDescriptor, isArray, nativeInterfaces,
  ownKeys, resolvedPromise, startsWith, statsForEach, then,
} from './natives.js';
import { fire } from './event-target.js';
import { looksLike } from './idl.js';
import { RTCDataChannelEvent, RTCTrackEvent } from './peer-events.js';
import { reportOf } from './stats-report.js';

/** Native objects by the page's. @type {WeakMap<object, any>} */
const natives = new SafeWeakMap();
/** The page's objects by the native ones. @type {WeakMap<object, any>} */
const visibles = new SafeWeakMap();
/** @type {{Class: any, Native: any, types: string[]}[]} */
const interfaces = [];

/** Those of other types are plain Events. @type {Record<string, any>} */
const eventClasses = {
  addstream: MediaStreamEvent, error: RTCErrorEvent, icecandidate: RTCPeerConnectionIceEvent,
  icecandidateerror: RTCPeerConnectionIceErrorEvent, message: MessageEvent, removestream: MediaStreamEvent,
  tonechange: RTCDTMFToneChangeEvent,
};

/**
 * Lets the members of an interface go on to native objects where there are
 * some behind the page's. Called before the platform's interface is replaced.
 * @param {any} Class
 * @param {string[]} types of the events that its objects fire
 * @param {(object: any, key: any, args: any[]) => void} [before] sees each call first, and may put a native object behind
 */
export function actFor(Class, types, before = () => undefined) {
  const Native = nativeInterfaces[Class.name];
  if (!Native) return;
  arrayPush(interfaces, { Class, Native, types });
  for (const key of ownKeys(Class.prototype)) {
    const ours = /** @type {any} */ (getOwnPropertyDescriptor(Class.prototype, key));
    const theirs = /** @type {any} */ (getOwnPropertyDescriptor(Native.prototype, key));
    // Handler attributes belong to the page's object, which fires the events.
    if (key === 'constructor' || !theirs || typeof key === 'string' && startsWith(key, 'on')) continue;
    for (const part of ['value', 'get', 'set']) {
      if (typeof ours[part] !== 'function' || typeof theirs[part] !== 'function') continue;
      ours[part] = delegate(key, ours[part], theirs[part], before);
    }
    defineProperty(Class.prototype, key, ours);
  }
}

/**
 * @param {string|symbol} key
 * @param {Function} ours
 * @param {Function} theirs
 * @param {(object: any, key: any, args: any[]) => void} before
 */
function delegate(key, ours, theirs, before) {
  const { member } = {
    /** @this {any} @param {any[]} args */
    member(...args) {
      before(this, key, args);
      const native = natives.get(this);
      if (native === undefined) return apply(ours, this, args);
      return visibleOf(apply(theirs, native, arrayMap(args, (/** @type {any} */ value) => natives.get(value) ?? value)));
    },
  };
  return looksLike(member, ours);
}

/** @param {any} object @returns {any} the native object behind; undefined while there is none */
export function nativeOf(object) {
  return natives.get(object);
}

/**
 * Lets the page see one object where native ones see another.
 * @param {any} visible
 * @param {any} native
 */
export function alias(visible, native) {
  natives.set(visible, native);
  visibles.set(native, visible);
}

/**
 * Puts a native object behind the page's. From now on it does the work.
 * @param {any} visible
 * @param {any} native
 */
export function bind(visible, native) {
  alias(visible, native);
  arrayForEach(interfaceOf(native)?.types ?? [], (/** @type {string} */ type) => {
    addEventListener(native, type, (/** @type {any} */ event) => { fire(visible, copyOf(event)); });
  });
}

/** @param {any} native */
function interfaceOf(native) {
  return arrayFind(interfaces, (/** @type {any} */ { Native }) => native instanceof Native);
}

/**
 * What the page sees of what a native object gave.
 * @param {any} value
 * @returns {any}
 */
export function visibleOf(value) {
  if (typeof value !== 'object' || value === null) return value;
  const known = visibles.get(value);
  if (known) return known;
  if (isArray(value)) return arrayMap(value, visibleOf);
  // By its look: in a frame that its parent redirected first, the platform's objects are the parent's.
  if (typeof value.then === 'function') return then(resolvedPromise(value), visibleOf);
  const { RTCStatsReport } = nativeInterfaces;
  if (RTCStatsReport && value instanceof RTCStatsReport) {
    const map = new SafeMap();
    statsForEach(value, (/** @type {any} */ stats, /** @type {string} */ id) => map.set(id, stats));
    return reportOf(map);
  }
  const found = interfaceOf(value);
  if (!found) return value;
  const { Class } = found;
  // Not Class's own constructor, which makes a redirected object.
  const visible = construct(Class.prototype instanceof EventTarget ? EventTarget : Object, [], Class);
  bind(visible, value);
  return visible;
}

/** @param {any} event of a native object @returns {any} one that the page's object can fire */
function copyOf(event) {
  const type = eventType(event);
  if (type === 'track') {
    const { receiver, streams, track, transceiver } = event;
    return new RTCTrackEvent(type, {
      receiver: visibleOf(receiver), streams, track: visibleOf(track), transceiver: visibleOf(transceiver),
    });
  }
  if (type === 'datachannel') return new RTCDataChannelEvent(type, { channel: visibleOf(event.channel) });
  const Class = eventClasses[type] ?? Event;
  return new Class(type, event);
}

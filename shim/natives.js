/**
 * Pristine references, taken when the shim loads and before the page's first
 * script. The shim calls the platform only through what is exported here, so
 * that a page that patches a prototype (adapter.js, zone.js, polyfills) neither
 * sees nor changes what the shim does.
 *
 * A method is exported as a function that takes its receiver first:
 * `addEventListener(target, type, listener)`.
 *
 * @module
 */

const global = /** @type {any} */ (globalThis);

export const {
  Array, ArrayBuffer, Blob, Boolean, DOMException, Error, Event, EventTarget, Map, MessageChannel, MessageEvent,
  Number, Object, Promise, RangeError, String, Symbol, TextEncoder, TypeError,
  Uint8Array,
} = global;
/** Reports an exception as the platform does one of an event listener. */
export const reportError = global.reportError
  ? global.reportError.bind(global)
  : (/** @type {any} */ error) => { global.queueMicrotask(() => { throw error; }); };
export const { apply, construct, ownKeys } = global.Reflect;
export const {
  assign, create, defineProperty, entries, freeze, getOwnPropertyDescriptor, keys,
} = global.Object;

/**
 * Turns a method into a function that takes its receiver first.
 * @param {Function} method
 * @returns {(receiver: any, ...args: any[]) => any}
 */
export function uncurry(method) {
  return (receiver, ...args) => apply(method, receiver, args);
}

/**
 * The getter of an accessor property as a function of its receiver, or one
 * that returns undefined where the platform has no such property.
 * @param {any} prototype
 * @param {string} name
 * @returns {(receiver: any) => any}
 */
export function getter(prototype, name) {
  const get = prototype && getOwnPropertyDescriptor(prototype, name)?.get;
  return get ? (receiver) => apply(get, receiver, []) : () => undefined;
}

/**
 * The setter of an accessor property as a function of receiver and value.
 * @param {any} prototype
 * @param {string} name
 * @returns {(receiver: any, value: any) => void}
 */
export function setter(prototype, name) {
  const set = prototype && getOwnPropertyDescriptor(prototype, name)?.set;
  return set ? (receiver, value) => { apply(set, receiver, [value]); } : () => undefined;
}

/**
 * A subclass whose own frozen prototype carries the base's methods, so that
 * instances do not look at the base's prototype, which the page can patch.
 * @template {new (...args: any[]) => object} T
 * @param {T} Base
 * @returns {T}
 */
function sealed(Base) {
  const Sealed = class extends Base {};
  for (const key of ownKeys(Base.prototype)) {
    if (key === 'constructor') continue;
    defineProperty(Sealed.prototype, key,
      /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(Base.prototype, key)));
  }
  freeze(Sealed.prototype);
  return Sealed;
}

export const SafeMap = sealed(Map);
export const SafeSet = sealed(Set);
export const SafeWeakMap = sealed(WeakMap);
export const SafeWeakSet = sealed(WeakSet);

export const { stringify } = global.JSON;
export const isArray = Array.isArray;
export const isView = ArrayBuffer.isView;
export const resolvedPromise = Promise.resolve.bind(Promise);
export const rejectedPromise = Promise.reject.bind(Promise);
export const then = uncurry(Promise.prototype.then);

export const addEventListener = uncurry(EventTarget.prototype.addEventListener);
export const removeEventListener = uncurry(EventTarget.prototype.removeEventListener);
export const dispatchEvent = uncurry(EventTarget.prototype.dispatchEvent);
export const eventType = getter(Event.prototype, 'type');
export const eventTarget = getter(Event.prototype, 'currentTarget');
export const preventDefault = uncurry(Event.prototype.preventDefault);
export const stopImmediatePropagation = uncurry(Event.prototype.stopImmediatePropagation);
export const messageData = getter(MessageEvent.prototype, 'data');
export const postMessage = uncurry(global.MessagePort.prototype.postMessage);
export const startPort = uncurry(global.MessagePort.prototype.start);
export const closePort = uncurry(global.MessagePort.prototype.close);

export const functionToString = uncurry(Function.prototype.toString);
export const arrayMap = uncurry(Array.prototype.map);
export const arrayFilter = uncurry(Array.prototype.filter);
export const arrayFind = uncurry(Array.prototype.find);
export const arrayIncludes = uncurry(Array.prototype.includes);
export const arrayIndexOf = uncurry(Array.prototype.indexOf);
export const arrayPush = uncurry(Array.prototype.push);
export const arrayShift = uncurry(Array.prototype.shift);
export const arraySlice = uncurry(Array.prototype.slice);
export const arrayForEach = uncurry(Array.prototype.forEach);
export const arrayJoin = uncurry(Array.prototype.join);
export const arrayFrom = Array.from.bind(Array);
export const stringSlice = uncurry(String.prototype.slice);
export const toUpperCase = uncurry(String.prototype.toUpperCase);
export const toLowerCase = uncurry(String.prototype.toLowerCase);
export const startsWith = uncurry(String.prototype.startsWith);
export const split = uncurry(String.prototype.split);
export const replace = uncurry(String.prototype.replace);
export const toWellFormed = String.prototype.toWellFormed ? uncurry(String.prototype.toWellFormed) : String;
export const regExpTest = uncurry(RegExp.prototype.test);
export const regExpExec = uncurry(RegExp.prototype.exec);
export const blobArrayBuffer = uncurry(Blob.prototype.arrayBuffer);
export const blobSize = getter(Blob.prototype, 'size');

export const setTimeout = global.setTimeout.bind(global);
export const clearTimeout = global.clearTimeout.bind(global);
export const setInterval = global.setInterval.bind(global);
export const clearInterval = global.clearInterval.bind(global);
export const queueMicrotask = global.queueMicrotask.bind(global);
export const atob = global.atob.bind(global);
export const btoa = global.btoa.bind(global);
const performance = global.performance;
/** Milliseconds since the time origin, as performance.now(). */
export const now = performance.now.bind(performance);
export const timeOrigin = performance.timeOrigin;
export const { min, max } = global.Math;
export const dateNow = Date.now;
const crypto = global.crypto;
export const randomUUID = crypto?.randomUUID
  ? crypto.randomUUID.bind(crypto)
  : () => {
    // Insecure contexts have no randomUUID, but getRandomValues (RFC 9562, section 5.4).
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = arrayJoin(arrayFrom(bytes, (/** @type {number} */ b) => stringSlice((b + 256).toString(16), 1)), '');
    return `${stringSlice(hex, 0, 8)}-${stringSlice(hex, 8, 12)}-${stringSlice(hex, 12, 16)}-${
      stringSlice(hex, 16, 20)}-${stringSlice(hex, 20)}`;
  };
const console = global.console;
export const warn = console.warn.bind(console);

// The platform's own media and WebRTC interfaces; undefined where it lacks one.
export const {
  MediaStream, MediaStreamTrack, MediaStreamTrackEvent, MediaStreamTrackGenerator, OverconstrainedError, RTCError,
  MediaStreamEvent, RTCErrorEvent, RTCSessionDescription, RTCIceCandidate, RTCPeerConnection, RTCPeerConnectionIceEvent,
  RTCPeerConnectionIceErrorEvent, RTCDTMFToneChangeEvent, RTCCertificate, RTCRtpSender, RTCRtpReceiver,
} = global;
export const trackId = getter(MediaStreamTrack?.prototype, 'id');
export const trackKind = getter(MediaStreamTrack?.prototype, 'kind');
export const trackReadyState = getter(MediaStreamTrack?.prototype, 'readyState');
export const streamId = getter(MediaStream?.prototype, 'id');
const nothing = () => [];
export const streamTracks = MediaStream ? uncurry(MediaStream.prototype.getTracks) : nothing;
export const streamAddTrack = MediaStream ? uncurry(MediaStream.prototype.addTrack) : nothing;
export const streamRemoveTrack = MediaStream ? uncurry(MediaStream.prototype.removeTrack) : nothing;
/** The platform's interfaces whose names the shim's own classes bear. @type {Record<string, any>} */
export const nativeInterfaces = {};
for (const name of [
  'RTCDataChannel', 'RTCDTMFSender', 'RTCDtlsTransport', 'RTCIceTransport', 'RTCPeerConnection', 'RTCRtpReceiver',
  'RTCRtpSender', 'RTCRtpTransceiver', 'RTCSctpTransport', 'RTCStatsReport',
]) nativeInterfaces[name] = global[name];
const { RTCStatsReport } = nativeInterfaces;
export const statsForEach = RTCStatsReport ? uncurry(RTCStatsReport.prototype.forEach) : nothing;

/**
 * Output devices of AudioContext (Web Audio API, section 1.2, sinkId and
 * setSinkId): the page knows the endpoint's devices only.
 *
 * Here a context starts without a device and gets one with the first sound of
 * the page's own. One that serves a meter, or whose sound is the endpoint's,
 * never opens an audio stream in the session host.
 *
 * @module
 */
import {
  SafeWeakMap, SafeWeakSet, addEventListener, create, eventTarget, eventType, rejectedPromise, resolvedPromise,
  setTimeout, stopImmediatePropagation, then,
} from './natives.js';
import { contextSinkId, contextState, isAudioContext, setContextSinkId } from './media-natives.js';
import { wrapConstructor } from './constructors.js';
import { requireOutput } from './device-list.js';
import { domException } from './errors.js';
import { fire } from './event-target.js';
import { replaceMembers } from './idl.js';
import { mediaChanged } from './media-changes.js';

/** Milliseconds after which a switch to the device has shown all its events. */
const SWITCH = 1000;

/** Endpoint devices that pages chose. @type {WeakMap<object, string>} */
const chosen = new SafeWeakMap();
/** Contexts that this file made to start without a device. @type {WeakSet<object>} */
const deviceless = new SafeWeakSet();
/** Those that still have none. @type {WeakSet<object>} */
const waiting = new SafeWeakSet();
/**
 * What the platform shows of a switch and the page must not see: the events to
 * come. Chromium suspends a running context meanwhile.
 * @type {WeakMap<object, string[]>}
 */
const switching = new SafeWeakMap();

/** @param {any} window */
export function installContextSinks(window) {
  if (!setContextSinkId) return;
  replaceMembers(window.AudioContext.prototype, members);
  replaceMembers(window.BaseAudioContext.prototype, baseMembers);
  wrapConstructor(window, 'AudioContext', made, ([options, ...rest]) => (
    isOurs(options) ? [create(options ?? null, { sinkId: { value: { type: 'none' } } }), ...rest] : [options, ...rest]
  ));
}

/** @param {any} context @param {any[]} args */
function made(context, [options]) {
  if (!isOurs(options)) return;
  deviceless.add(context);
  waiting.add(context);
  for (const type of ['statechange', 'sinkchange']) addEventListener(context, type, hide);
  const sinkId = options?.sinkId;
  if (!isDevice(sinkId)) return;
  then(requireOutput(`${sinkId}`), () => { chosen.set(context, `${sinkId}`); }, () => fire(context, 'error'));
}

/** Whether options leave the device to us: none that the platform refuses, no sink of type "none". @param {any} options */
function isOurs(options) {
  if (options === undefined || options === null) return true;
  return typeof options === 'object' && (options.sinkId === undefined || typeof options.sinkId === 'string');
}

/**
 * Gives a context the platform's default device: it has something of its own
 * to play.
 * @param {any} context
 */
export function openDevice(context) {
  if (!waiting.has(context)) return;
  waiting.delete(context);
  const running = contextState(context) === 'running';
  switching.set(context, running ? ['sinkchange', 'suspended', 'running'] : ['sinkchange']);
  const over = () => { setTimeout(() => { switching.delete(context); }, SWITCH); };
  // A session host without any device refuses; the context runs on without.
  then(setContextSinkId(context, ''), over, over);
}

/**
 * Keeps the events of a switch from the page. Being first on the context, it
 * runs before the page's listeners.
 * @param {Event} event
 */
function hide(event) {
  const context = eventTarget(event);
  const hidden = switching.get(context);
  const what = eventType(event) === 'sinkchange' ? 'sinkchange' : contextState(context);
  const at = hidden ? hidden.indexOf(what) : -1;
  if (!hidden || at < 0) return;
  hidden.splice(at, 1);
  if (hidden.length === 0) switching.delete(context);
  stopImmediatePropagation(event);
}

/**
 * AudioContext.state as the page sees it.
 * @param {any} context
 * @returns {string}
 */
export function visibleState(context) {
  const state = contextState(context);
  const hidden = state === 'suspended' && switching.get(context);
  return hidden && hidden.indexOf('running') >= 0 ? 'running' : state;
}

/**
 * Where a context is heard at the endpoint.
 * @param {any} context
 * @returns {string | undefined} a device, "" for the default, undefined for nowhere
 */
export function contextSink(context) {
  const sink = visibleSink(context);
  return typeof sink === 'object' ? undefined : sink;
}

/** @param {any} context */
function visibleSink(context) {
  const sink = contextSinkId(context);
  return chosen.get(context) ?? (typeof sink === 'object' && deviceless.has(context) ? '' : sink);
}

const members = {
  /** @this {any} */
  get sinkId() {
    return visibleSink(this);
  },
  /** @this {any} @param {any} sinkId */
  setSinkId(sinkId) {
    if (arguments.length === 0) return setContextSinkId(this);
    if (!isAudioContext(this) || typeof sinkId === 'object') return setNative(this, sinkId);
    const wanted = `${sinkId}`;
    if (wanted === visibleSink(this)) return resolvedPromise(undefined);
    if (contextState(this) === 'closed') {
      return rejectedPromise(domException('InvalidStateError', 'Cannot set a sink of a closed AudioContext.'));
    }
    if (wanted === '' && !deviceless.has(this)) return setNative(this, wanted);
    const found = wanted === '' ? resolvedPromise(undefined) : requireOutput(wanted);
    return then(found, () => {
      chosen.set(this, wanted);
      fire(this, 'sinkchange');
      mediaChanged();
    });
  },
};

const baseMembers = {
  /** @this {any} */
  get state() {
    return visibleState(this);
  },
};

/**
 * The page turns a context's sound off, or back to the platform's default.
 * @param {any} context
 * @param {any} sinkId
 */
function setNative(context, sinkId) {
  return then(setContextSinkId(context, sinkId), () => {
    chosen.delete(context);
    deviceless.delete(context);
    waiting.delete(context);
    mediaChanged();
  });
}

/** Whether a sink names a device other than the default. @param {any} sinkId */
function isDevice(sinkId) {
  return typeof sinkId === 'string' && sinkId !== '';
}

/**
 * Output devices of AudioContext (Web Audio API, section 1.2, sinkId and
 * setSinkId): the page knows the endpoint's devices only.
 * @module
 */
import { Event, SafeWeakMap, rejectedPromise, resolvedPromise, then } from './natives.js';
import { contextSinkId, contextState, isAudioContext, setContextSinkId } from './media-natives.js';
import { wrapConstructor } from './constructors.js';
import { requireOutput } from './device-list.js';
import { domException } from './errors.js';
import { fire } from './event-target.js';
import { replaceMembers } from './idl.js';
import { mediaChanged } from './media-changes.js';

/** Endpoint devices that pages chose. @type {WeakMap<object, string>} */
const chosen = new SafeWeakMap();

/** @param {any} window */
export function installContextSinks(window) {
  if (!setContextSinkId) return;
  replaceMembers(window.AudioContext.prototype, members);
  const prepare = (/** @type {any[]} */ args) => (isDevice(args[0]?.sinkId) ? [{ ...args[0], sinkId: undefined }] : args);
  wrapConstructor(window, 'AudioContext', (context, [options]) => {
    if (!isDevice(options?.sinkId)) return;
    then(requireOutput(`${options.sinkId}`), () => choose(context, `${options.sinkId}`), () => fire(context, 'error'));
  }, prepare);
}

/**
 * Where a context is heard at the endpoint.
 * @param {any} context
 * @returns {string | undefined} a device, "" for the default, undefined for nowhere
 */
export function contextSink(context) {
  const device = chosen.get(context);
  if (device !== undefined) return device;
  return typeof contextSinkId(context) === 'object' ? undefined : '';
}

const members = {
  /** @this {any} */
  get sinkId() {
    return chosen.get(this) ?? contextSinkId(this);
  },
  /** @this {any} @param {any} sinkId */
  setSinkId(sinkId) {
    if (arguments.length === 0) return setContextSinkId(this);
    if (!isAudioContext(this) || !isDevice(sinkId)) {
      return then(setContextSinkId(this, sinkId), () => {
        chosen.delete(this);
        mediaChanged();
      });
    }
    if (`${sinkId}` === chosen.get(this)) return resolvedPromise(undefined);
    if (contextState(this) === 'closed') {
      return rejectedPromise(domException('InvalidStateError', 'Cannot set a sink of a closed AudioContext.'));
    }
    return then(requireOutput(`${sinkId}`), () => choose(this, `${sinkId}`));
  },
};

/** @param {any} context @param {string} device */
function choose(context, device) {
  chosen.set(context, device);
  fire(context, new Event('sinkchange'));
  mediaChanged();
}

/** Whether a sink names a device: not the default, not AudioSinkOptions. @param {any} sinkId */
function isDevice(sinkId) {
  return sinkId !== undefined && sinkId !== '' && (typeof sinkId !== 'object' || sinkId === null);
}

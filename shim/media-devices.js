/**
 * navigator.mediaDevices: the microphone and the devices are the endpoint's. A
 * request for video stays the browser's own.
 * @module
 */
import {
  MediaStream, apply, arrayFilter, arrayFind, arrayMap, arrayPush, getOwnPropertyDescriptor, isArray, rejectedPromise,
  then, trackId,
} from './natives.js';
import {
  deviceKind, enumerateDevices, getUserMedia, legacyGetUserMedia, legacyWebkitGetUserMedia, mediaDevicesOf,
} from './media-natives.js';
import { isScreenAudio, parseAudioConstraints } from './audio-constraints.js';
import { request } from './channel.js';
import { createDeviceInfo, installDeviceInfo } from './device-info.js';
import { followDevices, isOfEndpoint, listDevices, onDevicesChange } from './device-list.js';
import { domException } from './errors.js';
import { fire } from './event-target.js';
import { replaceMembers } from './idl.js';
import { noteCapture } from './native-capture.js';
import { allowsFeature, installPermissions, microphoneGranted, noteGrant } from './permissions.js';
import { Method } from './protocol.gen.js';
import { adopt, mintTrack } from './stand-in-track.js';
import { noteVideo } from './video-wish.js';

/**
 * Does nothing in an insecure context, where the platform has no MediaDevices.
 * @param {any} window
 */
export function installMediaDevices(window) {
  const mediaDevices = mediaDevicesOf(window.navigator);
  if (!mediaDevices) return;
  if (window === globalThis) {
    followDevices();
    onDevicesChange(() => fire(mediaDevices, 'devicechange'));
  }
  installDeviceInfo(window);
  installPermissions(window);
  replaceMembers(window.MediaDevices.prototype, {
    /** @this {any} */
    getUserMedia(/** @type {any} */ constraints = undefined) {
      if (this === mediaDevices && isForEndpoint(constraints)) return capture(constraints);
      const captured = apply(nativeGetUserMedia, this, arrayMap(arguments, forPlatform));
      then(captured, noteCapture, () => undefined);
      return captured;
    },
    /** @this {any} */
    enumerateDevices() {
      return this === mediaDevices ? enumerate(mediaDevices) : enumerateDevices(this);
    },
  });
  installLegacy(window);
}

/** @this {any} @param {any[]} args */
function nativeGetUserMedia(...args) {
  return getUserMedia(this, ...args);
}

/**
 * navigator.getUserMedia with callbacks, under both names that Chromium has.
 * @param {any} window
 */
function installLegacy(window) {
  const natives = { getUserMedia: legacyGetUserMedia, webkitGetUserMedia: legacyWebkitGetUserMedia };
  /** @type {any} */
  const members = {};
  for (const name of /** @type {const} */ (['getUserMedia', 'webkitGetUserMedia'])) {
    if (!natives[name]) continue;
    const { value } = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor({
      /** @this {any} */
      [name](/** @type {any} */ constraints, /** @type {any} */ onSuccess, /** @type {any} */ onError) {
        if (this !== window.navigator || typeof onSuccess !== 'function' || typeof onError !== 'function'
          || !isForEndpoint(constraints)) {
          natives[name](this, ...arrayMap(arguments, forPlatform));
          return;
        }
        then(capture(constraints), (/** @type {any} */ stream) => { onSuccess(stream); },
          (/** @type {any} */ error) => { onError(error); });
      },
    }, name));
    members[name] = value;
  }
  replaceMembers(window.Navigator.prototype, members);
}

/**
 * Whether a request is for a microphone and nothing else. All others, invalid
 * ones included, are the platform's to answer.
 * @param {any} constraints
 */
function isForEndpoint(constraints) {
  if (typeof constraints !== 'object' || constraints === null) return false;
  try {
    const { audio, video } = constraints;
    if (isRequested(video)) noteVideo();
    return isRequested(audio) && !isRequested(video) && !isScreenAudio(audio);
  } catch {
    return false;
  }
}

/**
 * What the platform is asked for when it captures sound beside video. The page
 * has chosen among the endpoint's devices, which the platform does not have.
 * @param {any} argument constraints, or anything else, which stays
 */
function forPlatform(argument) {
  try {
    const { deviceId, groupId, ...rest } = argument.audio;
    return namesEndpoint(deviceId) || namesEndpoint(groupId) ? { ...argument, audio: rest } : argument;
  } catch {
    return argument;
  }
}

/** @param {any} wanted ConstrainDOMString */
function namesEndpoint(wanted) {
  if (typeof wanted !== 'object' || wanted === null) return isOfEndpoint(wanted);
  const { exact, ideal } = wanted;
  return arrayFind(isArray(wanted) ? wanted : [exact, ideal], (/** @type {any} */ each) =>
    (isArray(each) ? arrayFind(each, isOfEndpoint) !== undefined : isOfEndpoint(each))) !== undefined;
}

/**
 * Conversion to (boolean or MediaTrackConstraints), default false.
 * @param {any} value
 */
function isRequested(value) {
  return value === null || !!value;
}

/**
 * Media Capture and Streams, section 10.2 "getUserMedia", for audio alone.
 * @param {any} constraints
 * @returns {Promise<any>} a MediaStream
 */
function capture(constraints) {
  let parsed;
  try {
    parsed = parseAudioConstraints(constraints.audio);
  } catch (error) {
    return rejectedPromise(error);
  }
  if (!allowsFeature('microphone')) return rejectedPromise(domException('NotAllowedError', 'Permission denied'));
  const { audio, given } = parsed;
  const track = mintTrack();
  return then(request(Method.DevicesGetUserMedia, { track: trackId(track), audio }), (/** @type {any} */ result) => {
    noteGrant();
    const { label, settings, capabilities } = result;
    adopt(track, { label, settings, capabilities, constraints: given, local: true });
    return new MediaStream([track]);
  });
}

/**
 * Media Capture and Streams, section 9.2 "enumerateDevices": the endpoint's
 * audio devices among the browser's own cameras, in the order of kinds that the
 * platform has. Without permission one device of each kind shows, unnamed.
 * @param {any} mediaDevices
 * @returns {Promise<any[]>}
 */
async function enumerate(mediaDevices) {
  const listing = then(listDevices(), undefined, () => []);
  const native = await enumerateDevices(mediaDevices);
  const granted = await microphoneGranted();
  const ours = await listing;
  /** @type {any[]} */
  const result = [];
  if (allowsFeature('microphone')) add(result, ours, 'audioinput', granted);
  arrayPush(result, ...arrayFilter(native, (/** @type {any} */ device) => deviceKind(device) === 'videoinput'));
  if (allowsFeature('speaker-selection')) add(result, ours, 'audiooutput', granted);
  return result;
}

/**
 * @param {any[]} result
 * @param {import('./protocol.gen.js').DeviceInfo[]} devices
 * @param {string} kind
 * @param {boolean} granted
 */
function add(result, devices, kind, granted) {
  const own = arrayFilter(devices, (/** @type {any} */ device) => device.kind === kind);
  if (own.length === 0) return;
  const shown = granted ? own : [{ kind, deviceId: '', groupId: '', label: '' }];
  arrayPush(result, ...arrayMap(shown, createDeviceInfo));
}

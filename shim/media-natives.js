/**
 * Pristine references to the media interfaces, taken like those of
 * natives.js. What the platform lacks is undefined, or does nothing.
 * @module
 */
import { getter, setter, uncurry } from './natives.js';

const global = /** @type {any} */ (globalThis);

export const {
  AudioData, AudioNode, CustomEvent, FinalizationRegistry, Float32Array, InputDeviceInfo, Math, MediaDeviceInfo,
  MediaRecorder, MutationObserver, Permissions, Proxy, Reflect, WeakRef, WritableStream, WritableStreamDefaultWriter,
} = global;
const {
  AudioContext, AudioDestinationNode, BaseAudioContext, HTMLMediaElement, MediaDevices, MediaStream,
  MediaStreamAudioDestinationNode, MediaStreamAudioSourceNode, MediaStreamTrack, Navigator,
} = global;

/**
 * A method of a prototype as a function of its receiver; undefined where the
 * platform has none.
 * @param {any} Interface
 * @param {string} name
 * @returns {any}
 */
function method(Interface, name) {
  const value = Interface?.prototype[name];
  return typeof value === 'function' ? uncurry(value) : undefined;
}

/**
 * Tells objects of an interface from all others, those of other windows
 * included, by an attribute that only they have.
 * @param {any} Interface
 * @param {string} attribute
 * @returns {(value: any) => boolean}
 */
function brand(Interface, attribute) {
  const get = getter(Interface?.prototype, attribute);
  return (value) => {
    try {
      return Interface !== undefined && (get(value), true);
    } catch {
      return false;
    }
  };
}

export const isMediaStream = brand(MediaStream, 'id');
export const isMediaElement = brand(HTMLMediaElement, 'srcObject');
export const isAudioNode = brand(AudioNode, 'context');
export const isAudioContext = brand(AudioContext, 'baseLatency');
export const isGain = brand(global.GainNode, 'gain');
/** What leads to the speakers. */
export const isAudioDestination = brand(AudioDestinationNode, 'maxChannelCount');
/** What leads into a stream. */
export const isStreamDestination = brand(MediaStreamAudioDestinationNode, 'stream');

export const trackLabel = getter(MediaStreamTrack?.prototype, 'label');
export const trackMuted = getter(MediaStreamTrack?.prototype, 'muted');
export const trackEnabled = getter(MediaStreamTrack?.prototype, 'enabled');
export const setTrackEnabled = setter(MediaStreamTrack?.prototype, 'enabled');
export const cloneTrack = method(MediaStreamTrack, 'clone');
export const stopTrack = method(MediaStreamTrack, 'stop');
export const trackSettings = method(MediaStreamTrack, 'getSettings');
export const trackCapabilities = method(MediaStreamTrack, 'getCapabilities');
export const trackConstraints = method(MediaStreamTrack, 'getConstraints');
export const applyTrackConstraints = method(MediaStreamTrack, 'applyConstraints');

export const streamAudioTracks = method(MediaStream, 'getAudioTracks');
export const streamTrackById = method(MediaStream, 'getTrackById');
export const cloneStream = method(MediaStream, 'clone');

export const srcObject = getter(HTMLMediaElement?.prototype, 'srcObject');
export const setSrcObject = setter(HTMLMediaElement?.prototype, 'srcObject');
export const elementPaused = getter(HTMLMediaElement?.prototype, 'paused');
export const elementMuted = getter(HTMLMediaElement?.prototype, 'muted');
export const setElementMuted = setter(HTMLMediaElement?.prototype, 'muted');
export const elementVolume = getter(HTMLMediaElement?.prototype, 'volume');
export const setElementVolume = setter(HTMLMediaElement?.prototype, 'volume');
export const elementAutoplay = getter(HTMLMediaElement?.prototype, 'autoplay');
export const elementReadyState = getter(HTMLMediaElement?.prototype, 'readyState');
export const elementCurrentTime = getter(HTMLMediaElement?.prototype, 'currentTime');
export const elementSinkId = getter(HTMLMediaElement?.prototype, 'sinkId');
export const setElementSinkId = method(HTMLMediaElement, 'setSinkId');
export const play = method(HTMLMediaElement, 'play');
export const pause = method(HTMLMediaElement, 'pause');
export const load = method(HTMLMediaElement, 'load');
export const isConnected = getter(global.Node?.prototype, 'isConnected');
export const rootNode = method(global.Node, 'getRootNode');
export const ownerDocument = getter(global.Node?.prototype, 'ownerDocument');
export const observe = method(MutationObserver, 'observe');
export const stopObserving = method(MutationObserver, 'disconnect');

export const getUserMedia = method(MediaDevices, 'getUserMedia');
export const enumerateDevices = method(MediaDevices, 'enumerateDevices');
export const deviceId = getter(MediaDeviceInfo?.prototype, 'deviceId');
export const deviceKind = getter(MediaDeviceInfo?.prototype, 'kind');
export const deviceLabel = getter(MediaDeviceInfo?.prototype, 'label');
export const deviceGroupId = getter(MediaDeviceInfo?.prototype, 'groupId');
export const deviceToJSON = method(MediaDeviceInfo, 'toJSON');
export const deviceCapabilities = method(InputDeviceInfo, 'getCapabilities');
export const legacyGetUserMedia = method(Navigator, 'getUserMedia');
export const legacyWebkitGetUserMedia = method(Navigator, 'webkitGetUserMedia');
export const mediaDevicesOf = getter(Navigator?.prototype, 'mediaDevices');

export const connect = method(AudioNode, 'connect');
export const disconnect = method(AudioNode, 'disconnect');
export const nodeContext = getter(AudioNode?.prototype, 'context');
export const contextState = getter(BaseAudioContext?.prototype, 'state');
export const contextTime = getter(BaseAudioContext?.prototype, 'currentTime');
export const contextRate = getter(BaseAudioContext?.prototype, 'sampleRate');
export const createGain = method(BaseAudioContext, 'createGain');
export const createBuffer = method(BaseAudioContext, 'createBuffer');
export const createBufferSource = method(BaseAudioContext, 'createBufferSource');
export const gainParam = getter(global.GainNode?.prototype, 'gain');
export const paramValue = getter(global.AudioParam?.prototype, 'value');
export const setParamValue = setter(global.AudioParam?.prototype, 'value');
export const setTargetAtTime = method(global.AudioParam, 'setTargetAtTime');
export const setSourceBuffer = setter(global.AudioBufferSourceNode?.prototype, 'buffer');
export const setSourceLoop = setter(global.AudioBufferSourceNode?.prototype, 'loop');
export const startSource = method(global.AudioScheduledSourceNode, 'start');
export const stopSource = method(global.AudioScheduledSourceNode, 'stop');
export const bufferSamples = method(global.AudioBuffer, 'getChannelData');
export const createMediaStreamSource = method(AudioContext, 'createMediaStreamSource');
export const createMediaStreamDestination = method(AudioContext, 'createMediaStreamDestination');
export const sourceStream = getter(MediaStreamAudioSourceNode?.prototype, 'mediaStream');
export const destinationStream = getter(MediaStreamAudioDestinationNode?.prototype, 'stream');
export const contextDestination = getter(BaseAudioContext?.prototype, 'destination');
export const contextSinkId = getter(AudioContext?.prototype, 'sinkId');
export const setContextSinkId = method(AudioContext, 'setSinkId');

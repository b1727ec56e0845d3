/**
 * Peer connections that are asked for video, or for sound that the browser
 * captured beside video, before anything is negotiated. Redirection carries the
 * endpoint's audio, so the browser's own RTCPeerConnection takes over
 * all that the page has prepared, behind the objects that the page holds. Once
 * a connection negotiates it stays what it is.
 * @module
 */
import {
  SafeWeakSet, arrayFilter, arrayForEach, arrayFrom, arrayMap, arrayPush, nativeInterfaces, then, warn,
} from './natives.js';
import { WeakRef } from './media-natives.js';
import { keepNative } from './certificate.js';
import { leaveEndpoint } from './close.js';
import { connectionBehind } from './connection.js';
import { RTCDataChannel } from './data-channel.js';
import { RTCDtlsTransport } from './dtls-transport.js';
import { RTCDTMFSender } from './dtmf-sender.js';
import { RTCIceTransport } from './ice-transport.js';
import { captureNatively } from './native-microphone.js';
import { actFor, bind, nativeOf } from './native-objects.js';
import { pageEncodings } from './parameters.js';
import { RTCPeerConnection } from './peer-connection.js';
import { RTCRtpReceiver } from './receiver.js';
import { RTCSctpTransport } from './sctp-transport.js';
import { RTCRtpSender } from './sender.js';
import { RTCRtpTransceiver } from './transceiver.js';
import { asksForVideo, noteVideo } from './video-wish.js';

/**
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {import('./data-channel.js').Channel} Channel
 * @typedef {import('./transceiver.js').Transceiver} Transceiver
 */

/** Connections that have begun to negotiate. @type {WeakSet<object>} */
const negotiating = new SafeWeakSet();
/** Native connections that were taken over. @type {{deref(): any}[]} */
let taken = [];

/** Lets every member of the redirected interfaces serve native objects too. Called once. */
export function allowHandOver() {
  actFor(RTCPeerConnection, [
    'negotiationneeded', 'icecandidate', 'signalingstatechange', 'iceconnectionstatechange', 'connectionstatechange',
    'icegatheringstatechange', 'icecandidateerror', 'track', 'datachannel', 'addstream', 'removestream',
  ], beforeCall);
  actFor(RTCRtpTransceiver, []);
  actFor(RTCRtpSender, [], beforeSend);
  actFor(RTCRtpReceiver, []);
  actFor(RTCDTMFSender, ['tonechange']);
  actFor(RTCDataChannel, ['open', 'bufferedamountlow', 'error', 'closing', 'close', 'message']);
  actFor(RTCDtlsTransport, ['statechange', 'error']);
  actFor(RTCIceTransport, ['statechange', 'gatheringstatechange', 'selectedcandidatepairchange']);
  actFor(RTCSctpTransport, ['statechange']);
}

/** @param {any} object @param {any} key @param {any[]} args */
function beforeCall(object, key, args) {
  if (nativeOf(object)) {
    if (key === 'addTrack' || key === 'addTransceiver') carry(args[0]);
    return;
  }
  const connection = connectionBehind(object);
  if (!connection || connection.closed) return;
  if (asksForVideo(key, args)) {
    // The far end's wish is not the page's.
    if (key !== 'setRemoteDescription') noteVideo();
    // An operation on the way to the endpoint could not be answered any more.
    if (!negotiating.has(connection) && connection.chain === 0) handOver(connection);
  }
  if (key === 'setLocalDescription' || key === 'setRemoteDescription') negotiating.add(connection);
}

/** @param {any} object @param {any} key @param {any[]} args */
function beforeSend(object, key, args) {
  if (nativeOf(object) && key === 'replaceTrack') carry(args[0]);
}

/**
 * When the platform does not take all of it, the connection stays redirected.
 * @param {Connection} connection
 */
function handOver(connection) {
  const { channels, configuration, object, transceivers } = connection;
  /** @type {any} */
  let native;
  /** @type {(() => void)[]} */
  const binding = [];
  try {
    native = new nativeInterfaces.RTCPeerConnection(configuration);
    arrayForEach(transceivers, (/** @type {Transceiver} */ each) => arrayPush(binding, takeTransceiver(native, each)));
    arrayForEach(arrayFrom(channels.values()), (/** @type {Channel} */ each) => arrayPush(binding, takeChannel(native, each)));
  } catch (error) {
    native?.close();
    warn('Nearend: the browser did not take a peer connection with video.', error);
    return;
  }
  leaveEndpoint(connection);
  keepNative(configuration.certificates);
  arrayForEach(binding, (/** @type {() => void} */ bindOne) => bindOne());
  bind(object, native);
  taken = [...arrayFilter(taken, (/** @type {any} */ each) => each.deref() !== undefined), new WeakRef(native)];
  arrayForEach(transceivers, (/** @type {Transceiver} */ { sender }) => carry(sender.track));
}

/**
 * Prepares a transceiver as the page has prepared its redirected one.
 * @param {any} native RTCPeerConnection
 * @param {Transceiver} transceiver
 * @returns {() => void} puts the native objects behind the page's
 */
function takeTransceiver(native, { direction, fromAddTrack, kind, object, preferences, receiver, sender, stopping }) {
  const { dtmf, parameters, streams, track } = sender;
  let taking;
  if (fromAddTrack && track) {
    const added = native.addTrack(track, ...streams);
    [taking] = arrayFilter(native.getTransceivers(), (/** @type {any} */ each) => each.sender === added);
  } else {
    taking = native.addTransceiver(track ?? kind, {
      direction: stopping ? 'inactive' : direction, streams, sendEncodings: pageEncodings(parameters.encodings),
    });
  }
  if (stopping) taking.stop();
  else if (taking.direction !== direction) taking.direction = direction;
  if (preferences.length > 0) {
    taking.setCodecPreferences(arrayMap(preferences, (/** @type {any} */ { payloadType: _, ...codec }) => codec));
  }
  if (receiver.jitterBufferTarget !== null) taking.receiver.jitterBufferTarget = receiver.jitterBufferTarget;
  return () => {
    bind(object, taking);
    bind(sender.object, taking.sender);
    bind(receiver.object, taking.receiver);
    if (dtmf) bind(dtmf.object, taking.sender.dtmf);
  };
}

/**
 * @param {any} native RTCPeerConnection
 * @param {Channel} channel
 * @returns {() => void} puts the native channel behind the page's
 */
function takeChannel(native, { binaryType, object, options, outbox }) {
  const { label, ...init } = options;
  const taking = native.createDataChannel(label, init);
  taking.binaryType = binaryType;
  taking.bufferedAmountLowThreshold = outbox.lowThreshold;
  return () => bind(object, taking);
}

/**
 * Sends the browser's own microphone where the page sends the endpoint's, which
 * a native connection cannot carry.
 * @param {any} track what the page sends
 */
function carry(track) {
  captureNatively(track, (real) => {
    for (const reference of taken) {
      const senders = reference.deref()?.getSenders() ?? [];
      arrayForEach(senders, (/** @type {any} */ sender) => {
        // One of a connection that was closed meanwhile refuses.
        if (sender.track === track) then(sender.replaceTrack(real), undefined, () => undefined);
      });
    }
  });
}

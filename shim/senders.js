/**
 * addTrack, removeTrack, addTransceiver and the stream forms of them (WebRTC
 * 1.0, section 5.1). All change the page's objects at once; the endpoint hears
 * of it in order with everything else.
 * @module
 */
import {
  TypeError, arrayFilter, arrayFind, arrayForEach, arrayIncludes, arrayMap, arrayPush, arraySlice, streamTracks, trackKind,
} from './natives.js';
import { toDictionary, toEnum, toSequence } from './conversions.js';
import { domException } from './errors.js';
import { endpointTrack, isTrack, refuseVideo, requireTrack } from './local-track.js';
import { refuseClosed } from './operations.js';
import { toEncoding } from './parameters.js';
import { Limit, Method } from './protocol.gen.js';
import { streamIds } from './sender.js';
import { Transceiver, directions, transceiverOfSender } from './transceiver.js';

/** @typedef {import('./connection.js').Connection} Connection */

/**
 * Creates a transceiver on the page and at the endpoint (section 5.4, "create
 * an RTCRtpTransceiver").
 * @param {Connection} connection
 * @param {{kind: string, direction: string, track?: any, streams?: any[], encodings?: any[],
 *   fromAddTrack?: boolean}} init
 * @returns {Transceiver}
 */
export function createTransceiver(connection, init) {
  const { kind, direction, track = null, streams = [], encodings = [toEncoding({})], fromAddTrack = false } = init;
  const streamNames = streamIds(streams);
  if (connection.transceivers.length >= Limit.MaxTransceivers) {
    throw domException('OperationError', `A peer connection has at most ${Limit.MaxTransceivers} transceivers.`);
  }
  const transceiver = new Transceiver(connection, {
    id: `t${++connection.lastTransceiver}`, kind: 'audio', direction, track, streams, encodings, fromAddTrack,
  });
  connection.transceivers = [...connection.transceivers, transceiver];
  transceiver.change(Method.PCAddTransceiver, {
    kind, direction, track: endpointTrack(track), streams: streamNames, encodings, fromAddTrack,
  });
  return transceiver;
}

/**
 * @param {Connection} connection
 * @param {any} trackOrKind
 * @param {any} init RTCRtpTransceiverInit
 * @returns {Transceiver}
 */
export function addTransceiver(connection, trackOrKind, init) {
  const track = isTrack(trackOrKind) ? trackOrKind : null;
  const kind = track ? trackKind(track) : `${trackOrKind}`;
  const { direction = 'sendrecv', sendEncodings = [], streams = [] } = toDictionary(init, 'RTCRtpTransceiverInit');
  const wanted = toEnum(direction, directions, 'RTCRtpTransceiverDirection');
  const encodings = arrayMap(toSequence(sendEncodings, 'sendEncodings'), toEncoding);
  const streamList = toSequence(streams, 'streams');
  if (!arrayIncludes(['audio', 'video'], kind)) {
    throw new TypeError("Failed to execute 'addTransceiver' on 'RTCPeerConnection': The argument provided as "
      + "parameter 1 is not a valid MediaStreamTrack kind ('audio' or 'video').");
  }
  refuseClosed(connection);
  refuseVideo(kind);
  if (wanted === 'stopped') throw new TypeError("The direction 'stopped' is not valid here.");
  return createTransceiver(connection, {
    // Audio has one encoding (section 5.1, addTransceiver).
    kind, direction: wanted, track, streams: streamList, encodings: encodings.length > 0 ? [encodings[0]] : undefined,
  });
}

/**
 * @param {Connection} connection
 * @param {any} track
 * @param {any[]} streams
 * @returns {any} RTCRtpSender
 */
export function addTrack(connection, track, streams) {
  requireTrack(track, "Failed to execute 'addTrack' on 'RTCPeerConnection': parameter 1");
  const streamNames = streamIds(streams);
  refuseClosed(connection);
  refuseVideo(trackKind(track));
  const inUse = arrayFind(connection.transceivers, (/** @type {Transceiver} */ each) =>
    each.sender.track === track && !each.stopped);
  if (inUse) throw domException('InvalidAccessError', 'A sender already exists for the track.');
  const free = arrayFind(connection.transceivers, (/** @type {Transceiver} */ each) => each.sender.track === null
    && each.kind === 'audio' && !each.stopping && !each.stopped && !each.hasSent);
  if (!free) {
    return createTransceiver(connection, {
      kind: 'audio', direction: 'sendrecv', track, streams, fromAddTrack: true,
    }).sender.object;
  }
  free.sender.track = track;
  free.sender.streams = streams;
  if (free.direction === 'recvonly') free.direction = 'sendrecv';
  if (free.direction === 'inactive') free.direction = 'sendonly';
  free.change(Method.PCAddTrack, { track: endpointTrack(track), streams: streamNames });
  return free.sender.object;
}

/**
 * @param {Connection} connection
 * @param {any} sender
 */
export function removeTrack(connection, sender) {
  const transceiver = transceiverOfSender(sender);
  if (!transceiver) {
    throw new TypeError("Failed to execute 'removeTrack' on 'RTCPeerConnection': parameter 1 is not of type "
      + "'RTCRtpSender'.");
  }
  refuseClosed(connection);
  if (transceiver.connection !== connection) {
    throw domException('InvalidAccessError', 'The sender was not created by this peer connection.');
  }
  if (transceiver.stopping || transceiver.sender.track === null
    || !arrayIncludes(connection.transceivers, transceiver)) return;
  transceiver.sender.track = null;
  if (transceiver.direction === 'sendrecv') transceiver.direction = 'recvonly';
  if (transceiver.direction === 'sendonly') transceiver.direction = 'inactive';
  transceiver.change(Method.PCRemoveTrack);
}

/**
 * Chromium's addStream: the tracks of the stream that are not sent yet.
 * @param {Connection} connection
 * @param {any} stream
 */
export function addStream(connection, stream) {
  streamIds([stream]);
  refuseClosed(connection);
  arrayForEach(streamTracks(stream), (/** @type {any} */ track) => {
    const sent = arrayFind(connection.transceivers, (/** @type {Transceiver} */ each) => each.sender.track === track);
    if (!sent) addTrack(connection, track, [stream]);
  });
}

/**
 * Chromium's removeStream.
 * @param {Connection} connection
 * @param {any} stream
 */
export function removeStream(connection, stream) {
  streamIds([stream]);
  refuseClosed(connection);
  const tracks = streamTracks(stream);
  const senders = arrayFilter(connection.transceivers, (/** @type {Transceiver} */ { sender }) =>
    sender.track !== null && arrayIncludes(tracks, sender.track));
  arrayForEach(senders, (/** @type {Transceiver} */ { sender }) => removeTrack(connection, sender.object));
}

/** @param {Connection} connection @returns {any[]} the streams of senders that have a track */
export function localStreams({ transceivers }) {
  /** @type {any[]} */
  const streams = [];
  for (const { sender } of transceivers) {
    if (sender.track === null) continue;
    for (const stream of sender.streams) if (!arrayIncludes(streams, stream)) arrayPush(streams, stream);
  }
  return streams;
}

/**
 * The legacy members of RTCOfferOptions (section 4.4.3.2). What is redirected
 * receives audio only: asking for video adds nothing to the offer.
 * @param {Connection} connection
 * @param {any} receive offerToReceiveAudio; undefined for none
 */
export function offerToReceive(connection, receive) {
  if (receive === undefined) return;
  const audio = arrayFilter(connection.transceivers, (/** @type {Transceiver} */ { kind, stopping }) =>
    kind === 'audio' && !stopping);
  if (!receive) {
    arrayForEach(arraySlice(audio), (/** @type {Transceiver} */ { direction, object }) => {
      if (direction === 'sendrecv') object.direction = 'sendonly';
      if (direction === 'recvonly') object.direction = 'inactive';
    });
    return;
  }
  const receiving = arrayFind(audio, (/** @type {Transceiver} */ { direction }) =>
    direction === 'sendrecv' || direction === 'recvonly');
  if (!receiving) createTransceiver(connection, { kind: 'audio', direction: 'recvonly' });
}

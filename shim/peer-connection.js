/**
 * RTCPeerConnection (WebRTC 1.0, section 4.4). Thin: each member converts what
 * the page passes, checks what the specification checks synchronously, and
 * hands over to the module that owns the noun.
 * @module
 */
import { TypeError, arrayFilter, arrayFind, arrayFrom, arrayMap } from './natives.js';
import { generateCertificate } from './certificate.js';
import { closeConnection, failConnection } from './close.js';
import { checkChange, copyConfiguration, toConfiguration, wireConfiguration } from './configuration.js';
import { Connection, openConnections } from './connection.js';
import { attempt, required, toDictionary, withCallbacks } from './conversions.js';
import { createChannel } from './data-channel.js';
import { domException } from './errors.js';
import { EventTarget, defineHandlers } from './event-target.js';
import { toCandidate } from './ice-candidate.js';
import { defineInterface } from './idl.js';
import { isTrack, requireTrack } from './local-track.js';
import { operate, refuseClosed, send, tell } from './operations.js';
import { Limit, Method } from './protocol.gen.js';
import {
  addStream, addTrack, addTransceiver, localStreams, offerToReceive, removeStream, removeTrack,
} from './senders.js';
import { toDescription, toLocalDescription } from './session-description.js';
import { applySnapshot } from './snapshot.js';
import { requestStats } from './stats-report.js';

/** @typedef {import('./transceiver.js').Transceiver} Transceiver */

/** The protocol's PCDescriptionReply as createOffer and createAnswer give it. @param {any} reply */
const description = ({ description: { sdp, type } }) => ({ sdp, type });

export class RTCPeerConnection extends EventTarget {
  /** @type {Connection} */
  #connection;

  /** @param {any} [configuration] */
  constructor(configuration = undefined) {
    const wanted = toConfiguration(configuration);
    if (openConnections().length >= Limit.MaxPeerConnections) {
      throw domException('UnknownError', "Failed to construct 'RTCPeerConnection': Cannot create so many PeerConnections");
    }
    super();
    const connection = new Connection(this, wanted, applySnapshot);
    this.#connection = connection;
    send(connection, Method.PCCreate, { configuration: wireConfiguration(wanted) }, {
      onResult: ({ snapshot }) => connection.apply(snapshot),
      onError: ({ message }) => failConnection(connection, message),
    });
  }

  get localDescription() {
    const { currentLocal, pendingLocal } = this.#connection.descriptions;
    return pendingLocal ?? currentLocal;
  }

  get currentLocalDescription() {
    return this.#connection.descriptions.currentLocal;
  }

  get pendingLocalDescription() {
    return this.#connection.descriptions.pendingLocal;
  }

  get remoteDescription() {
    const { currentRemote, pendingRemote } = this.#connection.descriptions;
    return pendingRemote ?? currentRemote;
  }

  get currentRemoteDescription() {
    return this.#connection.descriptions.currentRemote;
  }

  get pendingRemoteDescription() {
    return this.#connection.descriptions.pendingRemote;
  }

  get signalingState() {
    return this.#connection.states.signaling;
  }

  get iceGatheringState() {
    return this.#connection.states.iceGathering;
  }

  get iceConnectionState() {
    return this.#connection.states.iceConnection;
  }

  get connectionState() {
    return this.#connection.states.connection;
  }

  get canTrickleIceCandidates() {
    return this.#connection.states.canTrickle;
  }

  get sctp() {
    return this.#connection.sctp?.object ?? null;
  }

  getConfiguration() {
    return copyConfiguration(this.#connection.configuration);
  }

  /** @param {any} [configuration] */
  setConfiguration(configuration = undefined) {
    const connection = this.#connection;
    const next = toConfiguration(configuration);
    refuseClosed(connection);
    const { currentLocal, pendingLocal } = connection.descriptions;
    checkChange(connection.configuration, next, (currentLocal ?? pendingLocal) !== null);
    connection.configuration = next;
    tell(connection, Method.PCSetConfiguration, { configuration: wireConfiguration(next) });
  }

  /** @param {...any} args (options) or the legacy (success, failure, options) */
  createOffer(...args) {
    return attempt(() => {
      const connection = this.#connection;
      const legacy = typeof args[0] === 'function';
      if (legacy && typeof args[1] !== 'function') throw notFunction('createOffer', 2);
      const options = toDictionary(legacy ? args[2] : args[0], 'RTCOfferOptions');
      const { iceRestart = false, offerToReceiveAudio } = options;
      refuseClosed(connection);
      offerToReceive(connection, offerToReceiveAudio);
      const promise = operate(connection, Method.PCCreateOffer, { iceRestart: !!iceRestart }, {
        chained: true, result: description,
      });
      return legacy ? withCallbacks(promise, args[0], args[1]) : promise;
    });
  }

  /** @param {...any} args (options) or the legacy (success, failure) */
  createAnswer(...args) {
    return attempt(() => {
      const connection = this.#connection;
      const legacy = typeof args[0] === 'function';
      if (legacy && typeof args[1] !== 'function') throw notFunction('createAnswer', 2);
      refuseClosed(connection);
      const promise = operate(connection, Method.PCCreateAnswer, {}, { chained: true, result: description });
      return legacy ? withCallbacks(promise, args[0], args[1]) : promise;
    });
  }

  /** @param {...any} args (description?) or the legacy (description, success, failure) */
  setLocalDescription(...args) {
    return attempt(() => {
      const connection = this.#connection;
      const wanted = toLocalDescription(args[0]);
      refuseClosed(connection);
      const promise = operate(connection, Method.PCSetLocalDescription, { description: wanted }, { chained: true });
      return args.length > 1 ? withCallbacks(promise, args[1], args[2]) : promise;
    });
  }

  /** @param {...any} args (description) or the legacy (description, success, failure) */
  setRemoteDescription(...args) {
    return attempt(() => {
      const connection = this.#connection;
      required(args, 1, "'setRemoteDescription' on 'RTCPeerConnection'");
      const wanted = toDescription(args[0]);
      refuseClosed(connection);
      const promise = operate(connection, Method.PCSetRemoteDescription, { description: wanted }, { chained: true });
      return args.length > 1 ? withCallbacks(promise, args[1], args[2]) : promise;
    });
  }

  /** @param {...any} args (candidate?) or the legacy (candidate, success, failure) */
  addIceCandidate(...args) {
    return attempt(() => {
      const connection = this.#connection;
      const candidate = toCandidate(args[0]);
      refuseClosed(connection);
      const promise = operate(connection, Method.PCAddIceCandidate, { candidate }, { chained: true });
      return args.length > 1 ? withCallbacks(promise, args[1], args[2]) : promise;
    });
  }

  restartIce() {
    const connection = this.#connection;
    if (!connection.closed) tell(connection, Method.PCRestartIce, {});
  }

  /** @param {any} track @param {...any} streams */
  addTrack(track, ...streams) {
    required(arguments, 1, "'addTrack' on 'RTCPeerConnection'");
    return addTrack(this.#connection, track, streams);
  }

  /** @param {any} sender */
  removeTrack(sender) {
    required(arguments, 1, "'removeTrack' on 'RTCPeerConnection'");
    removeTrack(this.#connection, sender);
  }

  /** @param {any} trackOrKind @param {any} [init] */
  addTransceiver(trackOrKind, init = undefined) {
    required(arguments, 1, "'addTransceiver' on 'RTCPeerConnection'");
    return addTransceiver(this.#connection, trackOrKind, init).object;
  }

  getSenders() {
    return arrayMap(live(this.#connection), (/** @type {Transceiver} */ { sender }) => sender.object);
  }

  getReceivers() {
    return arrayMap(live(this.#connection), (/** @type {Transceiver} */ { receiver }) => receiver.object);
  }

  getTransceivers() {
    return arrayMap(this.#connection.transceivers, (/** @type {Transceiver} */ { object }) => object);
  }

  /** @param {any} [selector] */
  getStats(selector = null) {
    return attempt(() => {
      const connection = this.#connection;
      if (selector === null || selector === undefined) return requestStats(connection, {});
      requireTrack(selector, "Failed to execute 'getStats' on 'RTCPeerConnection': parameter 1");
      const matches = arrayFilter(connection.transceivers, (/** @type {Transceiver} */ { sender, receiver }) =>
        sender.track === selector || receiver.track === selector);
      if (matches.length !== 1) {
        throw domException('InvalidAccessError', matches.length > 1
          ? 'There is more than one sender or receiver for the track.'
          : 'There is no sender or receiver for the track.');
      }
      const [{ id, sender }] = matches;
      return requestStats(connection, sender.track === selector ? { senderOf: id } : { receiverOf: id });
    });
  }

  /** @param {any} label @param {any} [init] */
  createDataChannel(label, init = undefined) {
    required(arguments, 1, "'createDataChannel' on 'RTCPeerConnection'");
    return createChannel(this.#connection, label, init).object;
  }

  close() {
    closeConnection(this.#connection);
  }

  /** @param {any} stream */
  addStream(stream) {
    required(arguments, 1, "'addStream' on 'RTCPeerConnection'");
    addStream(this.#connection, stream);
  }

  /** @param {any} stream */
  removeStream(stream) {
    required(arguments, 1, "'removeStream' on 'RTCPeerConnection'");
    removeStream(this.#connection, stream);
  }

  getLocalStreams() {
    return localStreams(this.#connection);
  }

  getRemoteStreams() {
    return arrayFrom(this.#connection.remoteStreams.values());
  }

  /** @param {any} track */
  createDTMFSender(track) {
    required(arguments, 1, "'createDTMFSender' on 'RTCPeerConnection'");
    const found = isTrack(track) && arrayFind(this.#connection.transceivers,
      (/** @type {Transceiver} */ { sender }) => sender.track === track);
    if (!found) throw domException('SyntaxError', 'No local stream is available for the track.');
    return found.sender.dtmf.object;
  }

  /** @param {any} _algorithm */
  static generateCertificate(_algorithm) {
    const args = arrayFrom(arguments);
    return attempt(() => generateCertificate(args));
  }
}
defineHandlers(RTCPeerConnection, [
  'negotiationneeded', 'icecandidate', 'signalingstatechange', 'iceconnectionstatechange', 'connectionstatechange',
  'icegatheringstatechange', 'icecandidateerror', 'track', 'datachannel', 'addstream', 'removestream',
]);
defineInterface(RTCPeerConnection, { length: 0, lengths: { setRemoteDescription: 1 } });

/**
 * Those of stopped transceivers are in no list (section 5.1, CollectSenders).
 * @param {Connection} connection
 */
function live({ transceivers }) {
  return arrayFilter(transceivers, (/** @type {Transceiver} */ { stopped }) => !stopped);
}

/** @param {string} operation @param {number} position */
function notFunction(operation, position) {
  return new TypeError(
    `Failed to execute '${operation}' on 'RTCPeerConnection': parameter ${position} is not of type 'Function'.`);
}

/**
 * RTCRtpSender (WebRTC 1.0, section 5.2).
 * @module
 */
import { TypeError, arrayMap, randomUUID, streamId, trackKind } from './natives.js';
import { capabilities } from './capabilities.js';
import { attempt, required } from './conversions.js';
import { Dtmf } from './dtmf-sender.js';
import { domException } from './errors.js';
import { defineInterface, guard, internal } from './idl.js';
import { endpointTrack, requireTrack } from './local-track.js';
import { operate, refuseClosed, tell } from './operations.js';
import { pageEncodings, pageParameters, same, toSendParameters } from './parameters.js';
import { Method } from './protocol.gen.js';
import { requestStats } from './stats-report.js';

/** The state of one RTCRtpSender. */
export class Sender {
  /**
   * @param {import('./transceiver.js').Transceiver} transceiver
   * @param {any} track MediaStreamTrack or null
   * @param {any[]} streams
   * @param {any[]} encodings the protocol's
   */
  constructor(transceiver, track, streams, encodings) {
    this.transceiver = transceiver;
    this.track = track;
    this.streams = streams;
    /** The protocol's RTPParameters. @type {any} */
    this.parameters = { encodings, codecs: [], headerExtensions: [], cname: '', reducedSize: false };
    /** [[LastReturnedParameters]] @type {any} */
    this.lastReturned = null;
    this.dtmf = transceiver.kind === 'audio' ? new Dtmf(this) : null;
    this.object = construct(this);
  }
}

export class RTCRtpSender {
  /** @type {Sender} */
  #sender;

  constructor() {
    guard(arguments[0]);
    this.#sender = arguments[1];
  }

  get track() {
    return this.#sender.track;
  }

  get transport() {
    return this.#sender.transceiver.dtls;
  }

  get rtcpTransport() {
    return this.#sender && null;
  }

  get dtmf() {
    return this.#sender.dtmf?.object ?? null;
  }

  get transform() {
    return this.#sender && null;
  }

  set transform(_value) {
    throw this.#sender && domException('InvalidStateError', 'Encoded audio does not pass through this page.');
  }

  createEncodedStreams() {
    throw this.#sender && domException('InvalidStateError', 'Encoded Streams not requested at initialization');
  }

  /** Section 5.2.2, getParameters. */
  getParameters() {
    const sender = this.#sender;
    const transactionId = sender.lastReturned?.transactionId ?? randomUUID();
    sender.lastReturned = { ...describe(sender), transactionId };
    return { ...describe(sender), transactionId };
  }

  /** @param {any} value */
  setParameters(value) {
    return attempt(() => {
      const sender = this.#sender;
      required(arguments, 1, "'setParameters' on 'RTCRtpSender'");
      const parameters = toSendParameters(value);
      const { connection, id, stopping } = sender.transceiver;
      refuseClosed(connection);
      if (stopping) throw domException('InvalidStateError', 'The associated transceiver is stopped.');
      const last = sender.lastReturned;
      if (!last) {
        throw domException('InvalidStateError', 'getParameters() needs to be called before setParameters().');
      }
      const { codecs, headerExtensions, rtcp, transactionId, encodings } = parameters;
      if (transactionId !== last.transactionId || encodings.length !== last.encodings.length
        || !same(codecs, last.codecs) || !same(headerExtensions, last.headerExtensions) || !same(rtcp, last.rtcp)) {
        throw domException('InvalidModificationError', 'Read-only field modified in setParameters().');
      }
      sender.lastReturned = null;
      return operate(connection, Method.SenderSetParameters, { transceiver: id, encodings }, {
        result: () => { sender.parameters = { ...sender.parameters, encodings }; },
      });
    });
  }

  /** Section 5.2.2, replaceTrack. @param {any} track */
  replaceTrack(track) {
    return attempt(() => {
      const sender = this.#sender;
      required(arguments, 1, "'replaceTrack' on 'RTCRtpSender'");
      if (track !== null && track !== undefined) {
        requireTrack(track, "Failed to execute 'replaceTrack' on 'RTCRtpSender': parameter 1");
      }
      const { connection, id, kind, stopping } = sender.transceiver;
      const next = track ?? null;
      if (next && trackKind(next) !== kind) throw new TypeError('The track kind does not match the sender kind.');
      refuseClosed(connection);
      if (stopping) throw domException('InvalidStateError', 'The sender has been stopped.');
      return operate(connection, Method.SenderReplaceTrack, { transceiver: id, track: endpointTrack(next) }, {
        chained: true,
        result: () => { sender.track = next; },
      });
    });
  }

  /** @param {...any} streams */
  setStreams(...streams) {
    const sender = this.#sender;
    const ids = streamIds(streams);
    const { connection, id } = sender.transceiver;
    refuseClosed(connection);
    sender.streams = streams;
    tell(connection, Method.SenderSetStreams, { transceiver: id, streams: ids });
  }

  getStats() {
    return attempt(() => {
      const { connection, id } = this.#sender.transceiver;
      return requestStats(connection, { senderOf: id });
    });
  }

  /** @param {any} kind */
  static getCapabilities(kind) {
    required(arguments, 1, "'getCapabilities' on 'RTCRtpSender'");
    return capabilities('sender', kind);
  }
}
defineInterface(RTCRtpSender, { lengths: { replaceTrack: 1, setParameters: 1 } });

/** @param {Sender} sender */
function construct(sender) {
  const Class = /** @type {any} */ (RTCRtpSender);
  return new Class(internal, sender);
}

/** @param {Sender} sender */
function describe({ parameters }) {
  return { ...pageParameters(parameters), encodings: pageEncodings(parameters.encodings ?? []) };
}

/**
 * @param {any[]} streams
 * @returns {string[]} their ids; throws when one is no MediaStream
 */
export function streamIds(streams) {
  return arrayMap(streams, (/** @type {any} */ stream) => {
    try {
      // Not the native getter: a stream of the far end has the id that it was given.
      streamId(stream);
    } catch {
      throw new TypeError("The provided value is not of type 'MediaStream'.");
    }
    return stream.id;
  });
}

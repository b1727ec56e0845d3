/**
 * RTCRtpTransceiver (WebRTC 1.0, section 5.4).
 * @module
 */
import { SafeWeakMap, TypeError, arrayFind, arrayForEach, arrayIncludes, arrayMap, arrayPush } from './natives.js';
import { knownHeaderExtensions, matchingCodec } from './capabilities.js';
import { required, toSequence } from './conversions.js';
import { domException } from './errors.js';
import { defineInterface, guard, internal } from './idl.js';
import { refuseClosed, tell } from './operations.js';
import { pageParameters, same } from './parameters.js';
import { Method } from './protocol.gen.js';
import { Receiver } from './receiver.js';
import { Sender } from './sender.js';

export const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive', 'stopped'];

/** @param {string|null} direction */
export function sends(direction) {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** @param {string|null} direction */
export function receives(direction) {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** State by sender object, for what takes a sender as argument. @type {WeakMap<object, Transceiver>} */
const bySender = new SafeWeakMap();

/** @param {any} sender @returns {Transceiver|undefined} */
export function transceiverOfSender(sender) {
  return bySender.get(sender);
}

/**
 * The state of one RTCRtpTransceiver. The page changes `direction` at once and
 * tells the endpoint; until that has answered, what snapshots say about the
 * direction is older than what the page did, and waits.
 */
export class Transceiver {
  /**
   * @param {import('./connection.js').Connection} connection
   * @param {{id: string, kind: 'audio'|'video', direction: string, track?: any, streams?: any[],
   *   encodings?: any[], fromAddTrack?: boolean, remoteTrack?: string}} init
   */
  constructor(connection, init) {
    const { id, kind, direction, track = null, streams = [], encodings = [], fromAddTrack = false, remoteTrack } = init;
    this.connection = connection;
    this.id = id;
    this.kind = kind;
    this.direction = direction;
    this.fromAddTrack = fromAddTrack;
    /** RTCRtpCodecs that the page prefers. @type {any[]} */
    this.preferences = [];
    /** @type {string|null} */
    this.mid = null;
    /** @type {string|null} */
    this.currentDirection = null;
    /** @type {string|null} */
    this.firedDirection = null;
    this.stopping = false;
    this.stopped = false;
    /** True once it has sent, which keeps addTrack from taking it (section 5.1). */
    this.hasSent = false;
    /** Requests on the way that change the direction. */
    this.pending = 0;
    /** The direction that the endpoint named last. @type {string|null} */
    this.seenDirection = null;
    this.sender = new Sender(this, track, streams, encodings);
    this.receiver = new Receiver(this, remoteTrack);
    this.object = construct(this);
    bySender.set(this.sender.object, this);
  }

  /** The RTCDtlsTransport once the transceiver is negotiated, else null. */
  get dtls() {
    return this.mid === null || this.stopped ? null : this.connection.transport?.dtls ?? null;
  }

  /**
   * Tells the endpoint what the page did to the direction.
   * @param {string} method
   * @param {object} [params] without pc and transceiver
   */
  change(method, params = {}) {
    this.pending++;
    tell(this.connection, method, { transceiver: this.id, ...params }, () => {
      this.pending--;
      this.takeDirection();
    });
  }

  /** Follows the endpoint unless something of the page is still on the way to it. */
  takeDirection() {
    if (this.pending === 0 && this.seenDirection !== null && !this.stopping) this.direction = this.seenDirection;
  }

  /** Section 5.4, "stop sending and receiving" without what the endpoint does. */
  stop() {
    this.stopping = true;
    this.direction = 'stopped';
    this.receiver.end();
  }
}

export class RTCRtpTransceiver {
  /** @type {Transceiver} */
  #transceiver;

  constructor() {
    guard(arguments[0]);
    this.#transceiver = arguments[1];
  }

  get mid() {
    return this.#transceiver.mid;
  }

  get sender() {
    return this.#transceiver.sender.object;
  }

  get receiver() {
    return this.#transceiver.receiver.object;
  }

  get stopped() {
    // Chromium says true from stop() on; the slot [[Stopped]] follows with negotiation.
    return this.#transceiver.stopping || this.#transceiver.stopped;
  }

  get direction() {
    return this.#transceiver.direction;
  }

  set direction(value) {
    const transceiver = this.#transceiver;
    const direction = `${value}`;
    // Web IDL, section 3.7.6: an attribute ignores what its enumeration lacks.
    if (!arrayIncludes(directions, direction)) return;
    refuseClosed(transceiver.connection);
    if (transceiver.stopping) throw domException('InvalidStateError', 'The transceiver is stopping.');
    if (direction === 'stopped') {
      throw new TypeError("Failed to set the 'direction' property on 'RTCRtpTransceiver': "
        + 'Invalid RTCRtpTransceiverDirection.');
    }
    if (direction === transceiver.direction) return;
    transceiver.direction = direction;
    transceiver.change(Method.TransceiverSetDirection, { direction });
  }

  get currentDirection() {
    return this.#transceiver.stopped ? 'stopped' : this.#transceiver.currentDirection;
  }

  stop() {
    const transceiver = this.#transceiver;
    refuseClosed(transceiver.connection);
    if (transceiver.stopping) return;
    transceiver.stop();
    transceiver.change(Method.TransceiverStop);
  }

  /** @param {any} codecs */
  setCodecPreferences(codecs) {
    const transceiver = this.#transceiver;
    required(arguments, 1, "'setCodecPreferences' on 'RTCRtpTransceiver'");
    const wanted = /** @type {any[]} */ ([]);
    arrayForEach(toSequence(codecs, 'codecs'), (/** @type {any} */ codec) => {
      const known = matchingCodec(codec);
      if (!known) {
        throw domException('InvalidModificationError',
          'Invalid codec preferences: Missing codec from codec capabilities.');
      }
      if (!arrayFind(wanted, (/** @type {any} */ each) => same(each, known))) arrayPush(wanted, known);
    });
    transceiver.preferences = wanted;
    tell(transceiver.connection, Method.TransceiverSetCodecPreferences, { transceiver: transceiver.id, codecs: wanted });
  }

  getHeaderExtensionsToNegotiate() {
    return this.#transceiver && knownHeaderExtensions();
  }

  /** @param {any} extensions */
  setHeaderExtensionsToNegotiate(extensions) {
    required(arguments, 1, "'setHeaderExtensionsToNegotiate' on 'RTCRtpTransceiver'");
    const wanted = toSequence(extensions, 'extensions');
    const known = this.getHeaderExtensionsToNegotiate();
    if (!same(wanted, known)) {
      throw domException('InvalidModificationError', 'The header extensions of this transceiver are fixed.');
    }
  }

  getNegotiatedHeaderExtensions() {
    const { headerExtensions } = pageParameters(this.#transceiver.sender.parameters);
    return arrayMap(knownHeaderExtensions(), (/** @type {any} */ { direction, uri }) => ({
      direction: arrayFind(headerExtensions, (/** @type {any} */ each) => each.uri === uri) ? direction : 'stopped', uri,
    }));
  }
}
defineInterface(RTCRtpTransceiver, { lengths: { setCodecPreferences: 1 } });

/** @param {Transceiver} transceiver */
function construct(transceiver) {
  const Class = /** @type {any} */ (RTCRtpTransceiver);
  return new Class(internal, transceiver);
}

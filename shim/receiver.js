/**
 * RTCRtpReceiver (WebRTC 1.0, section 5.3).
 * @module
 */
import { Number, RangeError, arrayFilter, arrayMap, now } from './natives.js';
import { capabilities } from './capabilities.js';
import { attempt, required, toDouble } from './conversions.js';
import { domException } from './errors.js';
import { defineInterface, guard, internal } from './idl.js';
import { tell } from './operations.js';
import { pageParameters } from './parameters.js';
import { Method, receiverTrackId } from './protocol.gen.js';
import { createStandIn, standInOf } from './stand-in-track.js';
import { requestStats } from './stats-report.js';

/** How long a source counts after its last packet, in milliseconds (section 5.3.2). */
const sourceLifetime = 10_000;

/** The state of one RTCRtpReceiver. */
export class Receiver {
  /**
   * @param {import('./transceiver.js').Transceiver} transceiver
   * @param {string} [trackId] what the far end names the track
   */
  constructor(transceiver, trackId) {
    const { connection, id, kind } = transceiver;
    this.transceiver = transceiver;
    this.track = createStandIn({
      track: receiverTrackId(connection.id, id), id: trackId || undefined, label: `remote ${kind}`, kind, muted: true,
    });
    /** [[AssociatedRemoteMediaStreams]] @type {any[]} */
    this.streams = [];
    /** The protocol's RTPParameters. @type {any} */
    this.parameters = { codecs: [], headerExtensions: [] };
    /** In milliseconds; null leaves it to the endpoint. @type {number|null} */
    this.jitterBufferTarget = null;
    /** The protocol's RTPSource, and when they came. @type {any[]} */
    this.sources = [];
    this.sourcesAt = 0;
    this.object = construct(this);
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    standInOf(this.track)?.setMuted(muted);
  }

  get muted() {
    return standInOf(this.track)?.muted ?? true;
  }

  /** Ends the track and fires `ended`. */
  end() {
    standInOf(this.track)?.end();
  }

  /** Ends the track without a word: its media will come another way. */
  leave() {
    standInOf(this.track)?.finish();
  }

  /** @param {any[]} sources the protocol's RTPSource */
  setSources(sources) {
    this.sources = sources;
    this.sourcesAt = now();
  }

  /**
   * @param {boolean} contributing
   * @returns {any[]} RTCRtpContributingSource or RTCRtpSynchronizationSource, latest first
   */
  list(contributing) {
    if (now() - this.sourcesAt > sourceLifetime) return [];
    const wanted = arrayFilter(this.sources, (/** @type {any} */ each) => (each.contributing ?? false) === contributing);
    return arrayMap(wanted, (/** @type {any} */ { audioLevel, rtpTimestamp, source, timestamp }) => ({
      ...audioLevel !== undefined && audioLevel !== null && { audioLevel }, rtpTimestamp, source, timestamp,
    }));
  }
}

export class RTCRtpReceiver {
  /** @type {Receiver} */
  #receiver;

  constructor() {
    guard(arguments[0]);
    this.#receiver = arguments[1];
  }

  get track() {
    return this.#receiver.track;
  }

  get transport() {
    return this.#receiver.transceiver.dtls;
  }

  get rtcpTransport() {
    return this.#receiver && null;
  }

  get transform() {
    return this.#receiver && null;
  }

  set transform(_value) {
    throw this.#receiver && domException('InvalidStateError', 'Encoded audio does not pass through this page.');
  }

  createEncodedStreams() {
    throw this.#receiver && domException('InvalidStateError', 'Encoded Streams not requested at initialization');
  }

  /** WebRTC Extensions, section 6.1. */
  get jitterBufferTarget() {
    return this.#receiver.jitterBufferTarget;
  }

  set jitterBufferTarget(value) {
    const receiver = this.#receiver;
    const target = value === null || value === undefined ? null : toDouble(value, 'jitterBufferTarget');
    if (target !== null && !(target >= 0 && target <= 4000)) {
      throw new RangeError("Failed to set the 'jitterBufferTarget' property on 'RTCRtpReceiver': "
        + 'jitterBufferTarget is out of expected range 0 to 4000 ms');
    }
    receiver.jitterBufferTarget = target;
    const { connection, id } = receiver.transceiver;
    if (connection.closed) return;
    tell(connection, Method.ReceiverSetJitterBufferTarget, { transceiver: id, ...target !== null && { target } });
  }

  /** Chromium's former name, in seconds. */
  get playoutDelayHint() {
    const { jitterBufferTarget } = this.#receiver;
    return jitterBufferTarget === null ? null : jitterBufferTarget / 1000;
  }

  set playoutDelayHint(value) {
    this.jitterBufferTarget = value === null || value === undefined ? null : Number(value) * 1000;
  }

  getParameters() {
    const { parameters } = this.#receiver;
    return { ...pageParameters(parameters), encodings: arrayMap(parameters.encodings ?? [], () => ({})) };
  }

  getContributingSources() {
    return this.#receiver.list(true);
  }

  getSynchronizationSources() {
    return this.#receiver.list(false);
  }

  getStats() {
    return attempt(() => {
      const { connection, id } = this.#receiver.transceiver;
      return requestStats(connection, { receiverOf: id });
    });
  }

  /** @param {any} kind */
  static getCapabilities(kind) {
    required(arguments, 1, "'getCapabilities' on 'RTCRtpReceiver'");
    return capabilities('receiver', kind);
  }
}
defineInterface(RTCRtpReceiver);

/** @param {Receiver} receiver */
function construct(receiver) {
  const Class = /** @type {any} */ (RTCRtpReceiver);
  return new Class(internal, receiver);
}

/**
 * RTCStatsReport (WebRTC 1.0, section 8.3).
 * @module
 */
import { Promise, SafeMap, Symbol, apply, arrayFind, defineProperty, now, timeOrigin } from './natives.js';
import { defineInterface, guard, internal } from './idl.js';
import { required } from './conversions.js';
import { send } from './operations.js';
import { Method } from './protocol.gen.js';

/** @typedef {import('./connection.js').Connection} Connection */

/** A maplike object: all of Map that reads (Web IDL, section 3.7.11). */
export class RTCStatsReport {
  /** @type {Map<string, any>} */
  #map;

  constructor() {
    guard(arguments[0]);
    this.#map = arguments[1];
  }

  get size() {
    return this.#map.size;
  }

  entries() {
    return this.#map.entries();
  }

  /** @param {Function} callback @param {any} [thisArg] */
  forEach(callback, thisArg) {
    required(arguments, 1, "'forEach' on 'RTCStatsReport'");
    this.#map.forEach((value, key) => apply(callback, thisArg, [value, key, this]));
  }

  /** @param {any} key */
  get(key) {
    return this.#map.get(`${key}`);
  }

  /** @param {any} key */
  has(key) {
    return this.#map.has(`${key}`);
  }

  keys() {
    return this.#map.keys();
  }

  values() {
    return this.#map.values();
  }
}
defineInterface(RTCStatsReport, { lengths: { forEach: 1, get: 1, has: 1 } });
const { prototype } = /** @type {any} */ (RTCStatsReport);
defineProperty(prototype, Symbol.iterator, { value: prototype.entries, writable: true, configurable: true });

/** The lists of the protocol's PCGetStatsResult and the type of what is in each. */
const types = [
  ['codecs', 'codec'], ['inboundRtp', 'inbound-rtp'], ['outboundRtp', 'outbound-rtp'],
  ['remoteInboundRtp', 'remote-inbound-rtp'], ['remoteOutboundRtp', 'remote-outbound-rtp'],
  ['mediaSources', 'media-source'], ['mediaPlayouts', 'media-playout'], ['peerConnections', 'peer-connection'],
  ['dataChannels', 'data-channel'], ['transports', 'transport'], ['candidatePairs', 'candidate-pair'],
  ['localCandidates', 'local-candidate'], ['remoteCandidates', 'remote-candidate'], ['certificates', 'certificate'],
];

/**
 * @param {any} result the protocol's PCGetStatsResult
 * @param {(mid: string) => string|undefined} receiverTrackId what the page knows the track of a
 *   transceiver's receiver as
 * @returns {RTCStatsReport}
 */
export function createReport(result, receiverTrackId) {
  const map = new SafeMap();
  for (const [list, type] of types) {
    for (const { id, timestamp, ...rest } of result[list] ?? []) {
      const stats = { id, timestamp, type, ...rest };
      if (type === 'inbound-rtp') stats.trackIdentifier = receiverTrackId(rest.mid) ?? rest.trackIdentifier;
      map.set(id, stats);
    }
  }
  return reportOf(map);
}

/** @param {Map<string, any>} map */
export function reportOf(map) {
  const Class = /** @type {any} */ (RTCStatsReport);
  return new Class(internal, map);
}

/**
 * Asks for statistics (WebRTC 1.0, section 8.2). After close the last report
 * is all that there is.
 * @param {Connection} connection
 * @param {{track?: string, senderOf?: string, receiverOf?: string}} selector
 * @returns {Promise<RTCStatsReport>}
 */
export function requestStats(connection, selector) {
  return new Promise((/** @type {(value: any) => void} */ resolve, /** @type {(reason: any) => void} */ reject) => {
    const last = () =>
      resolve(connection.lastStats ?? createReport({ peerConnections: [finalStats()] }, () => undefined));
    if (connection.closed || connection.lost) {
      last();
      return;
    }
    send(connection, Method.PCGetStats, selector, {
      onResult: (result) => {
        connection.apply(result.snapshot);
        const report = createReport(result, (mid) => receiverTrackId(connection, mid));
        if (!selector.senderOf && !selector.receiverOf) connection.lastStats = report;
        resolve(report);
      },
      onError: reject,
    }, last);
  });
}

/** RTCPeerConnectionStats of a connection that was never asked while it was open. */
function finalStats() {
  return { id: 'P', timestamp: timeOrigin + now(), dataChannelsClosed: 0, dataChannelsOpened: 0 };
}

/**
 * @param {Connection} connection
 * @param {string} mid
 * @returns {string|undefined}
 */
function receiverTrackId(connection, mid) {
  const transceiver = arrayFind(connection.transceivers, (/** @type {any} */ each) => each.mid === mid);
  return mid === undefined ? undefined : transceiver?.receiver.track.id;
}

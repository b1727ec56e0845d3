/**
 * RTCRtpSendParameters and RTCRtpReceiveParameters (WebRTC 1.0, section 5.2).
 * @module
 */
import { Boolean, TypeError, arrayMap, entries, keys } from './natives.js';
import { toDictionary, toDouble, toEnum, toInteger, toSequence } from './conversions.js';

const priorities = ['very-low', 'low', 'medium', 'high'];

/**
 * @typedef {{active: boolean, maxBitrate?: number, priority: string, networkPriority: string,
 *   maxPacketTime?: number}} Encoding
 */

/**
 * RTCRtpEncodingParameters of audio; what concerns video is left out (WebRTC
 * 1.0, section 5.1, addTransceiver).
 * @param {any} value
 * @returns {Encoding} the protocol's Encoding
 */
export function toEncoding(value) {
  const from = toDictionary(value, 'RTCRtpEncodingParameters');
  const { active = true, maxBitrate, networkPriority = 'low', priority = 'low', maxPacketTime } = from;
  return {
    active: Boolean(active),
    ...maxBitrate !== undefined && { maxBitrate: toInteger(maxBitrate, 0xffffffff, 'maxBitrate') },
    ...maxPacketTime !== undefined && { maxPacketTime: toDouble(maxPacketTime, 'maxPacketTime') },
    networkPriority: toEnum(networkPriority, priorities, 'RTCPriorityType'),
    priority: toEnum(priority, priorities, 'RTCPriorityType'),
  };
}

/**
 * @param {any} parameters the protocol's RTPParameters
 * @returns {any} codecs, headerExtensions and rtcp as the page sees them
 */
export function pageParameters({ codecs = [], headerExtensions = [], cname, reducedSize = false }) {
  return {
    codecs: arrayMap(codecs, (/** @type {any} */ { channels = 1, clockRate, mimeType, payloadType, sdpFmtpLine }) => ({
      channels, clockRate, mimeType, ...sdpFmtpLine && { sdpFmtpLine }, payloadType,
    })),
    headerExtensions: arrayMap(headerExtensions, (/** @type {any} */ { encrypted = false, id, uri }) => ({
      encrypted, id, uri,
    })),
    rtcp: cname === undefined ? { reducedSize } : { cname, reducedSize },
  };
}

/**
 * @param {any[]} encodings the protocol's
 * @returns {any[]} as the page sees those of a sender
 */
export function pageEncodings(encodings) {
  return arrayMap(encodings, (/** @type {any} */ encoding) => {
    const { active, maxBitrate, maxPacketTime, networkPriority, priority } = encoding;
    return {
      active, adaptivePtime: false, ...maxBitrate !== undefined && { maxBitrate },
      ...maxPacketTime !== undefined && { maxPacketTime },
      networkPriority: networkPriority || 'low', priority: priority || 'low',
    };
  });
}

/**
 * Converts what a page passes to setParameters.
 * @param {any} value
 * @returns {any} with a list of encodings
 */
export function toSendParameters(value) {
  const from = toDictionary(value, 'RTCRtpSendParameters');
  for (const member of ['codecs', 'headerExtensions', 'rtcp', 'encodings', 'transactionId']) {
    if (from[member] === undefined) {
      throw new TypeError(`Failed to read the '${member}' property: Required member is undefined.`);
    }
  }
  return { ...from, encodings: arrayMap(toSequence(from.encodings, 'encodings'), toEncoding) };
}

/**
 * @param {any} a
 * @param {any} b
 * @returns {boolean} true when plain values are equal in depth
 */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (keys(a).length !== keys(b).length) return false;
  for (const [key, value] of entries(a)) if (!same(value, b[key])) return false;
  return true;
}

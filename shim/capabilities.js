/**
 * What the endpoint can code, and getCapabilities (WebRTC 1.0, section 5.2.3).
 * Numbers, order and parameters are Chromium's, less what the endpoint has not.
 * @module
 */
import { Number, RTCRtpReceiver, RTCRtpSender, arrayFind, arrayMap, toLowerCase } from './natives.js';

/** RTCRtpCodec; channels is what Chromium says, 1 included. */
const codecs = [
  { channels: 2, clockRate: 48000, mimeType: 'audio/opus', sdpFmtpLine: 'minptime=10;useinbandfec=1' },
  { channels: 1, clockRate: 8000, mimeType: 'audio/G722' },
  { channels: 1, clockRate: 8000, mimeType: 'audio/PCMU' },
  { channels: 1, clockRate: 8000, mimeType: 'audio/PCMA' },
  { channels: 1, clockRate: 48000, mimeType: 'audio/telephone-event' },
  { channels: 1, clockRate: 8000, mimeType: 'audio/telephone-event' },
];

/** RTCRtpHeaderExtensionCapability. */
const headerExtensions = [
  { direction: 'sendrecv', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' },
  { direction: 'sendrecv', uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time' },
  { direction: 'sendrecv', uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01' },
  { direction: 'sendrecv', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' },
];

const native = {
  sender: RTCRtpSender?.getCapabilities?.bind(RTCRtpSender),
  receiver: RTCRtpReceiver?.getCapabilities?.bind(RTCRtpReceiver),
};

/**
 * @param {'sender'|'receiver'} side
 * @param {any} kind
 * @returns {any} RTCRtpCapabilities; the browser's own for video, null for an unknown kind
 */
export function capabilities(side, kind) {
  switch (`${kind}`) {
    case 'audio': return { codecs: arrayMap(codecs, copy), headerExtensions: arrayMap(headerExtensions, copy) };
    case 'video': return native[side]?.('video') ?? null;
    default: return null;
  }
}

/** @returns {any[]} the header extensions that are negotiated */
export function knownHeaderExtensions() {
  return arrayMap(headerExtensions, copy);
}

/**
 * The codec capability that equals a codec (WebRTC 1.0, section 5.4, "codec
 * match").
 * @param {any} codec RTCRtpCodec
 * @returns {any} the protocol's Codec, or undefined
 */
export function matchingCodec({ mimeType, clockRate, channels, sdpFmtpLine }) {
  const found = arrayFind(codecs, (/** @type {any} */ each) => toLowerCase(each.mimeType) === toLowerCase(`${mimeType}`)
    && each.clockRate === Number(clockRate) && each.channels === Number(channels ?? each.channels)
    && (each.sdpFmtpLine ?? '') === `${sdpFmtpLine ?? ''}`);
  return found && { payloadType: 0, ...found };
}

/** @param {object} value */
function copy(value) {
  return { ...value };
}

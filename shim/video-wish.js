/**
 * Whether a page wants video, or sends what it got beside video. Both stay the
 * browser's own.
 * @module
 */
import { arrayFind, regExpExec, replace, split, streamTracks, trackKind } from './natives.js';
import { isMediaStream } from './media-natives.js';
import { isTrack } from './local-track.js';
import { isCaptured } from './native-capture.js';

/** True once this document has asked for video in any way. */
let videoWanted = false;

/** Notes that the document asks for video. */
export function noteVideo() {
  videoWanted = true;
}

/**
 * Whether a call on an RTCPeerConnection asks for video. What is no valid call
 * does not.
 * @param {any} key
 * @param {any[]} args
 * @returns {boolean}
 */
export function asksForVideo(key, args) {
  try {
    return asks(key, args);
  } catch {
    return false;
  }
}

/** @param {any} key @param {any[]} args */
function asks(key, args) {
  switch (key) {
    case 'addTrack': return isBrowsers(args[0]);
    case 'addTransceiver': return args[0] === 'video' || isBrowsers(args[0]);
    case 'addStream': return isMediaStream(args[0]) && arrayFind(streamTracks(args[0]), isBrowsers) !== undefined;
    case 'createOffer': return offersToReceive(typeof args[0] === 'function' ? args[2] : args[0]);
    case 'setRemoteDescription': return args[0]?.type === 'offer' && offersWanted(`${args[0].sdp}`);
    default: return false;
  }
}

/** @param {any} value */
function isBrowsers(value) {
  return isTrack(value) && (trackKind(value) === 'video' || isCaptured(value));
}

/** @param {any} options RTCOfferOptions, or the form of old with `mandatory` */
function offersToReceive(options) {
  return !!(options?.offerToReceiveVideo || options?.mandatory?.OfferToReceiveVideo);
}

/**
 * A document that never asked for video is a telephone, even when it is called
 * by somebody with video.
 * @param {string} sdp
 */
function offersWanted(sdp) {
  const live = (/** @type {string} */ kind) => arrayFind(split(replace(sdp, /\r/g, ''), '\nm='),
    (/** @type {string} */ section) => regExpExec(/^(\w+) (\d+)/, section)?.[1] === kind
      && regExpExec(/^(\w+) (\d+)/, section)[2] !== '0') !== undefined;
  return live('video') && (videoWanted || !live('audio'));
}

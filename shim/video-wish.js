/**
 * Whether a page wants video. Video stays the browser's own.
 * @module
 */
import { arrayFind, regExpExec, replace, split, streamTracks, trackKind } from './natives.js';
import { isMediaStream } from './media-natives.js';
import { isTrack } from './local-track.js';

/** True once this document has asked for video in any way. */
let videoWanted = false;

/** Notes that the document asks for video. */
export function noteVideo() {
  videoWanted = true;
}

/**
 * Whether a call on an RTCPeerConnection asks for video.
 * @param {any} key
 * @param {any[]} args
 * @returns {boolean}
 */
export function asksForVideo(key, args) {
  switch (key) {
    case 'addTrack': return isVideo(args[0]);
    case 'addTransceiver': return args[0] === 'video' || isVideo(args[0]);
    case 'addStream': return isMediaStream(args[0]) && arrayFind(streamTracks(args[0]), isVideo) !== undefined;
    case 'createOffer': return offersToReceive(typeof args[0] === 'function' ? args[2] : args[0]);
    case 'setRemoteDescription': return args[0]?.type === 'offer' && offersWanted(`${args[0].sdp}`);
    default: return false;
  }
}

/** @param {any} value */
function isVideo(value) {
  return isTrack(value) && trackKind(value) === 'video';
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

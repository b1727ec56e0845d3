/**
 * ICE candidates (WebRTC 1.0, section 4.8). The interface is the platform's own.
 * @module
 */
import { RTCIceCandidate, TypeError } from './natives.js';
import { toDictionary, toInteger } from './conversions.js';

/**
 * Converts what addIceCandidate takes.
 * @param {any} value RTCIceCandidateInit, RTCIceCandidate, null or undefined
 * @returns {object|undefined} the protocol's IceCandidate; undefined for the end of all candidates
 */
export function toCandidate(value) {
  if (value === undefined || value === null) return undefined;
  const { candidate = '', sdpMid, sdpMLineIndex, usernameFragment } = toDictionary(value, 'RTCIceCandidateInit');
  const init = {
    candidate: `${candidate}`,
    ...given(sdpMid) && { sdpMid: `${sdpMid}` },
    ...given(sdpMLineIndex) && { sdpMLineIndex: toInteger(sdpMLineIndex, 65535, 'sdpMLineIndex') },
    ...given(usernameFragment) && { usernameFragment: `${usernameFragment}` },
  };
  if (init.sdpMid !== undefined || init.sdpMLineIndex !== undefined) return init;
  if (init.candidate !== '') throw new TypeError('Candidate missing values for both sdpMid and sdpMLineIndex');
  return undefined;
}

/**
 * @param {any} gathered the protocol's IceCandidate or GatheredCandidate
 * @returns {any} RTCIceCandidate
 */
export function candidateObject(gathered) {
  const { candidate, sdpMid = null, sdpMLineIndex = null, usernameFragment = null, url, relayProtocol } = gathered;
  return new RTCIceCandidate({
    candidate, sdpMid, usernameFragment,
    // The constructor wants one of the two.
    sdpMLineIndex: sdpMid === null && sdpMLineIndex === null ? 0 : sdpMLineIndex,
    ...url && { url }, ...relayProtocol && { relayProtocol },
  });
}

/** @param {any} value */
function given(value) {
  return value !== undefined && value !== null;
}

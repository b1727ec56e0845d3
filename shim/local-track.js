/**
 * What a page may send: how its tracks are named at the endpoint.
 * @module
 */
import { TypeError, trackKind } from './natives.js';
import { domException } from './errors.js';
import { mixName } from './sent-mix.js';
import { standInOf } from './stand-in-track.js';

/**
 * @param {any} value
 * @returns {boolean} true for a MediaStreamTrack of any realm
 */
export function isTrack(value) {
  try {
    return typeof trackKind(value) === 'string';
  } catch {
    return false;
  }
}

/**
 * @param {any} value
 * @param {string} what "Failed to execute …: parameter 1"
 */
export function requireTrack(value, what) {
  if (!isTrack(value)) throw new TypeError(`${what} is not of type 'MediaStreamTrack'.`);
}

/**
 * A connection that was not handed over (hand-over.js) cannot carry video.
 * @param {string} kind
 */
export function refuseVideo(kind) {
  if (kind === 'video') {
    throw domException('NotSupportedError', 'This peer connection is redirected, and redirection carries audio only.');
  }
}

/**
 * The endpoint's name of what a track carries. This is the one place where
 * audio that the page makes itself, which does not exist at the endpoint, is
 * told from audio that lives there: it has no name and sends silence.
 * @param {any} track MediaStreamTrack or null
 * @returns {string} empty for none
 */
export function endpointTrack(track) {
  return (track && (standInOf(track)?.track ?? mixName(track))) ?? '';
}

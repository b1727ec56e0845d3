/**
 * Session descriptions (WebRTC 1.0, section 4.6). The interface is the
 * platform's own.
 * @module
 */
import { RTCSessionDescription, TypeError } from './natives.js';
import { toDictionary, toEnum } from './conversions.js';

const types = ['offer', 'pranswer', 'answer', 'rollback'];

/**
 * Converts RTCSessionDescriptionInit.
 * @param {any} value
 * @returns {{type: string, sdp: string}} the protocol's Description
 */
export function toDescription(value) {
  const { sdp = '', type } = toDictionary(value, 'RTCSessionDescriptionInit');
  if (type === undefined) {
    throw new TypeError("Failed to read the 'type' property from 'RTCSessionDescriptionInit': "
      + 'Required member is undefined.');
  }
  return { type: toEnum(type, types, 'RTCSdpType'), sdp: `${sdp}` };
}

/**
 * Converts RTCLocalSessionDescriptionInit, all of whose members are optional.
 * @param {any} value
 * @returns {{type: string, sdp: string}|undefined} undefined for the implicit form
 */
export function toLocalDescription(value) {
  const from = toDictionary(value, 'RTCLocalSessionDescriptionInit');
  return from.type === undefined || from.type === null ? undefined : toDescription(from);
}

/**
 * The object for a description slot; the same one while the description stays.
 * @param {any} old what the slot holds
 * @param {{type: string, sdp: string}|undefined|null} next
 * @returns {any} RTCSessionDescription or null
 */
export function descriptionObject(old, next) {
  if (!next) return null;
  return old && old.type === next.type && old.sdp === next.sdp ? old : new RTCSessionDescription(next);
}

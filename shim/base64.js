/**
 * Base64 (RFC 4648, section 4) between bytes and the protocol's strings, by the
 * platform's own conversion where it has one.
 * @module
 */
import { String, Uint8Array, apply, atob, btoa, uncurry } from './natives.js';

const prototype = /** @type {any} */ (Uint8Array.prototype);
const nativeTo = prototype.toBase64 && uncurry(prototype.toBase64);
const nativeFrom = /** @type {any} */ (Uint8Array).fromBase64?.bind(Uint8Array);
const { fromCharCode } = String;
const charCodeAt = uncurry(String.prototype.charCodeAt);
const subarray = uncurry(prototype.subarray);

/** As many arguments as every engine takes in one call. */
const span = 8192;

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function toBase64(bytes) {
  if (nativeTo) return nativeTo(bytes);
  let binary = '';
  for (let at = 0; at < bytes.length; at += span) {
    binary += apply(fromCharCode, null, subarray(bytes, at, at + span));
  }
  return btoa(binary);
}

/**
 * @param {string} text
 * @returns {Uint8Array} of its own buffer
 */
export function fromBase64(text) {
  if (nativeFrom) return nativeFrom(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = charCodeAt(binary, at);
  return bytes;
}

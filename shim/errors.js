/**
 * Exceptions of the page's own realm made from protocol errors.
 * @module
 */
import { DOMException, OverconstrainedError, RangeError, RTCError, TypeError, arrayIncludes } from './natives.js';

/** WebRTC 1.0, section 11.2.1: the values that RTCError accepts. */
const errorDetails = [
  'data-channel-failure', 'dtls-failure', 'fingerprint-failure', 'sctp-failure', 'sdp-syntax-error',
  'hardware-encoder-not-available', 'hardware-encoder-error',
];

/**
 * @param {string} name a DOMException name (Web IDL, "DOMException names")
 * @param {string} message
 * @returns {DOMException}
 */
export function domException(name, message) {
  return new DOMException(message, name);
}

/**
 * @param {string} detail RTCErrorDetailType
 * @param {string} message
 * @param {{sdpLineNumber?: number, sctpCauseCode?: number}} [more]
 * @returns {DOMException}
 */
export function rtcError(detail, message, more = {}) {
  if (!RTCError || !arrayIncludes(errorDetails, detail)) return domException('OperationError', message);
  return new RTCError({ errorDetail: detail, ...more }, message);
}

/**
 * The exception that a protocol error stands for. Anything malformed becomes
 * an OperationError.
 * @param {any} error protocol Error: {name, message, constraint?, detail?, sdpLine?}
 * @returns {Error}
 */
export function toException(error) {
  const name = typeof error?.name === 'string' ? error.name : 'OperationError';
  const message = typeof error?.message === 'string' ? error.message : 'The request failed.';
  switch (name) {
    case 'TypeError': return new TypeError(message);
    case 'RangeError': return new RangeError(message);
    case 'OverconstrainedError':
      return OverconstrainedError
        ? new OverconstrainedError(`${error.constraint ?? ''}`, message)
        : domException(name, message);
    case 'RTCError':
      return rtcError(`${error.detail}`, message, error.sdpLine > 0 ? { sdpLineNumber: error.sdpLine } : {});
    default: return domException(name, message);
  }
}

/**
 * Checks of protocol messages, in both directions. Nothing that fails them is
 * passed on.
 *
 * @module
 */
import { Limit, Method, pageRequests } from './protocol.gen.js';

/**
 * @typedef {object} Message one protocol message; see internal/protocol
 * @property {string} [doc]
 * @property {number} [id]
 * @property {string} [method]
 * @property {any} [params]
 * @property {any} [result]
 * @property {{name: string, message: string}} [error]
 */

/** What the native messaging host may send that belongs to no document. */
const toExtension = new Set([Method.LinkChanged, Method.DocumentStatus]);
const MEMBERS_OF_REQUEST = new Set(['id', 'method', 'params']);
const encoder = new TextEncoder();

/**
 * @param {unknown} message
 * @returns {number} bytes of its JSON; Infinity for what is not JSON
 */
export function encodedSize(message) {
  try {
    return encoder.encode(JSON.stringify(message)).length;
  } catch {
    return Infinity;
  }
}

/**
 * What is wrong with a message from a page.
 * @param {unknown} message
 * @param {number} lastId the highest id of that document so far
 * @returns {{name: string, message: string}|undefined} undefined when it may pass
 */
export function requestFault(message, lastId) {
  if (!isRecord(message)) return typeError('A message must be an object.');
  if (!Number.isSafeInteger(message.id) || Number(message.id) < 1) return typeError('A request needs a whole number as its id.');
  if (Number(message.id) <= lastId) return typeError('The id of a request must be higher than the one before.');
  if (typeof message.method !== 'string') return typeError('A request needs the name of a method.');
  if (!pageRequests.has(/** @type {any} */ (message.method))) {
    return { name: 'NotSupportedError', message: `A page cannot call ${JSON.stringify(message.method.slice(0, 64))}.` };
  }
  if (message.params !== undefined && !isRecord(message.params)) return typeError('The params of a request must be an object.');
  const stray = Object.keys(message).find(name => !MEMBERS_OF_REQUEST.has(name));
  if (stray !== undefined) return typeError(`A request has no member ${JSON.stringify(stray.slice(0, 64))}.`);
  if (encodedSize(message) > Limit.MaxMessage) return tooLarge();
  return undefined;
}

/**
 * Whether a page says that it has seen a lost link.
 * @param {unknown} message
 */
export function isLossSeen(message) {
  return isRecord(message) && message.method === Method.LinkLossSeen;
}

/** The refusal of a message above the limit. */
export function tooLarge() {
  return { name: 'OperationError', message: `A message may have ${Limit.MaxMessage} bytes, and this one is larger or is not JSON.` };
}

/**
 * What is wrong with a message from the native messaging host. Its size is
 * bounded by the browser (1 MiB).
 * @param {unknown} message
 * @returns {string|undefined} undefined when it may pass
 */
export function nativeFault(message) {
  if (!isRecord(message)) return 'not an object';
  const { doc, id, method, error } = message;
  if (doc !== undefined && (typeof doc !== 'string' || doc.length > Limit.MaxID)) return 'doc is not an id';
  if (id !== undefined && (!Number.isSafeInteger(id) || Number(id) < 1)) return 'id is not a whole number above 0';
  if (method !== undefined) {
    if (typeof method !== 'string' || method.length > Limit.MaxID) return 'method is not a name';
    if (id !== undefined) return 'a request; only the extension requests';
    if (!doc && !toExtension.has(/** @type {any} */ (method))) return 'a notification of a document without doc';
    return undefined;
  }
  if (error !== undefined && !(isRecord(error) && typeof error.name === 'string' && typeof error.message === 'string')) {
    return 'error without name and message';
  }
  if (id === undefined) return error ? `it could not read a message: ${error.message}` : 'neither reply nor notification';
  return undefined;
}

/** @param {string} message */
function typeError(message) {
  return { name: 'TypeError', message };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

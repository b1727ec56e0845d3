/**
 * Web IDL conversions of what a page passes in (Web IDL, section 3.2), and how
 * operations begin.
 * @module
 */
import {
  Number, Promise, Symbol, TypeError, arrayIncludes, arrayPush, rejectedPromise, then, toWellFormed, reportError,
} from './natives.js';

/**
 * Throws when an operation is called with too few arguments.
 * @param {IArguments|any[]} args
 * @param {number} count
 * @param {string} what "'addTrack' on 'RTCPeerConnection'"
 */
export function required(args, count, what) {
  if (args.length >= count) return;
  throw new TypeError(
    `Failed to execute ${what}: ${count} argument${count > 1 ? 's' : ''} required, but only ${args.length} present.`);
}

/**
 * Runs the synchronous part of an operation that returns a promise: what it
 * throws becomes a rejection.
 * @param {() => Promise<any>} steps
 * @returns {Promise<any>}
 */
export function attempt(steps) {
  try {
    return steps();
  } catch (error) {
    return rejectedPromise(error);
  }
}

/**
 * The legacy callback form of an operation (WebRTC 1.0, section 4.4.3).
 * @param {Promise<any>} promise
 * @param {any} success
 * @param {any} failure
 * @returns {Promise<undefined>} resolves at once
 */
export function withCallbacks(promise, success, failure) {
  const call = (/** @type {any} */ callback) => (/** @type {any} */ value) => {
    if (typeof callback !== 'function') return;
    try {
      callback(value);
    } catch (error) {
      reportError(error);
    }
  };
  then(promise, call(success), call(failure));
  return new Promise((/** @type {(value: undefined) => void} */ resolve) => resolve(undefined));
}

/**
 * @param {any} value
 * @param {string} type
 * @returns {any} the value, or {} for undefined and null
 */
export function toDictionary(value, type) {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' && typeof value !== 'function') {
    throw new TypeError(`The provided value is not of type '${type}'.`);
  }
  return value;
}

/**
 * @param {any} value
 * @param {string[]} values
 * @param {string} type
 * @returns {string}
 */
export function toEnum(value, values, type) {
  const text = `${value}`;
  if (!arrayIncludes(values, text)) {
    throw new TypeError(`The provided value '${text}' is not a valid enum value of type ${type}.`);
  }
  return text;
}

/**
 * An integer with [EnforceRange].
 * @param {any} value
 * @param {number} max
 * @param {string} member
 * @returns {number}
 */
export function toInteger(value, max, member) {
  const number = Number(value);
  const integer = number < 0 ? -((-number) - (-number) % 1) : number - number % 1;
  if (!(integer >= 0 && integer <= max)) {
    throw new TypeError(`Failed to read the '${member}' property: Value is outside the range of 0 to ${max}.`);
  }
  return integer;
}

/**
 * A finite double.
 * @param {any} value
 * @param {string} member
 * @returns {number}
 */
export function toDouble(value, member) {
  const number = Number(value);
  if (!(number > -Infinity && number < Infinity)) {
    throw new TypeError(`Failed to read the '${member}' property: The provided double value is non-finite.`);
  }
  return number;
}

/**
 * @param {any} value
 * @returns {string} without lone surrogates
 */
export function toUSVString(value) {
  return toWellFormed(`${value}`);
}

/**
 * @param {any} value
 * @param {string} member
 * @returns {any[]}
 */
export function toSequence(value, member) {
  if (typeof value !== 'object' || value === null || typeof value[Symbol.iterator] !== 'function') {
    throw new TypeError(
      `Failed to read the '${member}' property: The object must have a callable @@iterator property.`);
  }
  const list = /** @type {any[]} */ ([]);
  for (const item of value) arrayPush(list, item);
  return list;
}

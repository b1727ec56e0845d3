/**
 * Makes classes look as Web IDL defines interfaces (Web IDL, section 3.7):
 * enumerable operations and attributes, Symbol.toStringTag, constants, the
 * source text of native code.
 * @module
 */
import {
  SafeWeakMap, Symbol, TypeError, defineProperty, functionToString, getOwnPropertyDescriptor, ownKeys,
} from './natives.js';

/** Source text of functions that stand where the platform has native ones. */
const texts = new SafeWeakMap();

/** Proves to a guarded constructor that the shim itself calls it. */
export const internal = Symbol('internal');

/**
 * Throws what the platform throws when a page calls the constructor of an
 * interface that has none (Web IDL, section 3.7.1).
 * @param {any} token
 */
export function guard(token) {
  if (token !== internal) throw new TypeError('Illegal constructor');
}

/**
 * Gives a function the source text of a native one.
 * @template {Function} F
 * @param {F} fn
 * @param {string} [name] the function's name if it is not its own
 * @returns {F}
 */
export function looksNative(fn, name = fn.name) {
  texts.set(fn, `function ${name}() { [native code] }`);
  return fn;
}

/**
 * Gives a function the name, length and source text of another.
 * @template {Function} F
 * @param {F} fn
 * @param {Function} original
 * @returns {F}
 */
export function looksLike(fn, original) {
  for (const key of ['name', 'length']) {
    defineProperty(fn, key, /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(original, key)));
  }
  texts.set(fn, texts.get(original) ?? functionToString(original));
  return fn;
}

/**
 * Replaces Function.prototype.toString with one that honours looksNative.
 * @param {any} window
 */
export function installNativeLook(window) {
  const prototype = window.Function.prototype;
  const { toString } = {
    /** @this {Function} */
    toString() {
      return texts.get(this) ?? functionToString(this);
    },
  };
  defineProperty(prototype, 'toString', {
    ...getOwnPropertyDescriptor(prototype, 'toString'), value: looksNative(toString),
  });
}

/**
 * Makes a class look like a Web IDL interface.
 * @param {any} Class
 * @param {{
 *   name?: string,
 *   length?: number,
 *   constants?: Record<string, number>,
 *   lengths?: Record<string, number>,
 * }} [options] name: of the interface; length: of the interface object;
 *   lengths: of operations whose declared parameters give another number
 */
export function defineInterface(Class, { name = Class.name, length, constants = {}, lengths = {} } = {}) {
  const { prototype } = Class;
  for (const holder of [Class, prototype]) {
    for (const key of ownKeys(holder)) {
      if (key === 'constructor' || key === 'prototype' || key === 'name' || key === 'length') continue;
      const descriptor = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(holder, key));
      disguise(descriptor, key);
      if (typeof key === 'string') descriptor.enumerable = true;
      if (typeof key === 'string' && key in lengths && descriptor.value) {
        defineProperty(descriptor.value, 'length', { value: lengths[key], configurable: true });
      }
      defineProperty(holder, key, descriptor);
    }
  }
  for (const key of ownKeys(constants)) {
    const descriptor = { value: constants[/** @type {string} */ (key)], enumerable: true };
    defineProperty(Class, key, descriptor);
    defineProperty(prototype, key, descriptor);
  }
  defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  defineProperty(Class, 'name', { value: name, configurable: true });
  if (length !== undefined) defineProperty(Class, 'length', { value: length, configurable: true });
  looksNative(Class, name);
}

/**
 * @param {PropertyDescriptor} descriptor
 * @param {string|symbol} key
 */
function disguise(descriptor, key) {
  const name = typeof key === 'string' ? key : `[${key.description}]`;
  if (typeof descriptor.value === 'function') looksNative(descriptor.value, name);
  if (descriptor.get) looksNative(descriptor.get, `get ${name}`);
  if (descriptor.set) looksNative(descriptor.set, `set ${name}`);
}

/**
 * Replaces members of a native prototype, keeping enumerability and the look
 * of the originals.
 * @param {any} target prototype or object
 * @param {Record<string, any>} members methods and accessors, as an object literal
 */
export function replaceMembers(target, members) {
  for (const key of ownKeys(members)) {
    const own = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(members, key));
    const old = getOwnPropertyDescriptor(target, key);
    disguise(own, key);
    const descriptor = { ...own, enumerable: old?.enumerable ?? true, configurable: true };
    if (old?.get && own.get && !own.set) descriptor.set = old.set;
    for (const part of /** @type {const} */ (['value', 'get', 'set'])) {
      const was = old?.[part];
      if (typeof was !== 'function' || typeof descriptor[part] !== 'function' || was === descriptor[part]) continue;
      defineProperty(descriptor[part], 'length', { value: was.length, configurable: true });
    }
    defineProperty(target, key, descriptor);
  }
}

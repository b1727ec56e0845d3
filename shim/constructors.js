/**
 * Constructors of the platform that do more when a page calls them.
 * @module
 */
import { defineProperty, getOwnPropertyDescriptor } from './natives.js';
import { Proxy, Reflect } from './media-natives.js';
import { looksNative } from './idl.js';

const { construct } = Reflect;

/**
 * Replaces a constructor of window so that `made` sees every new instance, and
 * `prepare` may change the arguments first. Subclasses, statics and instanceof
 * work as before.
 * @param {any} window
 * @param {string} name
 * @param {(instance: any, args: any[]) => void} made
 * @param {(args: any[]) => any[]} [prepare]
 */
export function wrapConstructor(window, name, made, prepare = (args) => args) {
  const native = window[name];
  if (!native) return;
  const wrapped = new Proxy(native, {
    construct(/** @type {any} */ target, /** @type {any[]} */ args, /** @type {any} */ newTarget) {
      const instance = construct(target, prepare(args), newTarget);
      made(instance, args);
      return instance;
    },
  });
  looksNative(wrapped, name);
  defineProperty(native.prototype, 'constructor', {
    ...getOwnPropertyDescriptor(native.prototype, 'constructor'), value: wrapped,
  });
  defineProperty(window, name, { ...getOwnPropertyDescriptor(window, name), value: wrapped });
}

/**
 * Events as the platform's own objects have them: genuine EventTarget
 * behaviour, event handler attributes (HTML, section 8.1.8.1).
 * @module
 */
import {
  Event, SafeMap, SafeWeakMap, addEventListener, defineProperty, dispatchEvent, getOwnPropertyDescriptor, apply,
  preventDefault, removeEventListener,
} from './natives.js';
import { looksNative } from './idl.js';

export { EventTarget } from './natives.js';

/**
 * One event handler attribute of one target. The listener takes its place in
 * the order when the attribute becomes non-null, keeps it on replacement and
 * loses it on null.
 * @typedef {{value: any, listener: (event: Event) => void}} Handler
 */

/** @type {WeakMap<object, Map<string, Handler>>} */
const handlers = new SafeWeakMap();

/**
 * Defines `on…` attributes on an interface's prototype, enumerable and
 * configurable accessors.
 * @param {any} Class
 * @param {string[]} types event types without "on"
 */
export function defineHandlers(Class, types) {
  const { prototype } = Class;
  for (const type of types) {
    const name = `on${type}`;
    const accessor = {
      /** @this {any} @returns {any} */
      get [name]() {
        return handlers.get(this)?.get(type)?.value ?? null;
      },
      /** @this {any} @param {any} value */
      set [name](value) {
        setHandler(this, type, value);
      },
    };
    const { get, set } = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(accessor, name));
    looksNative(/** @type {Function} */ (get), `get ${name}`);
    looksNative(/** @type {Function} */ (set), `set ${name}`);
    defineProperty(prototype, name, { get, set, enumerable: true, configurable: true });
  }
}

/**
 * @param {any} target
 * @param {string} type
 * @param {any} value
 */
function setHandler(target, type, value) {
  const own = handlers.get(target) ?? /** @type {Map<string, Handler>} */ (new SafeMap());
  handlers.set(target, own);
  // [LegacyTreatNonObjectAsNull]: what is not an object counts as null.
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) {
    const old = own.get(type);
    if (old) removeEventListener(target, type, old.listener);
    own.delete(type);
    return;
  }
  const old = own.get(type);
  if (old) {
    old.value = value;
    return;
  }
  const handler = {
    value,
    listener: (/** @type {Event} */ event) => {
      if (typeof handler.value !== 'function') return;
      if (apply(handler.value, target, [event]) === false) preventDefault(event);
    },
  };
  addEventListener(target, type, handler.listener);
  own.set(type, handler);
}

/**
 * Dispatches an event past whatever the page did to dispatchEvent.
 * @param {EventTarget} target
 * @param {any} event an event, or the type of a plain Event
 */
export function fire(target, event) {
  dispatchEvent(target, typeof event === 'string' ? new Event(event) : event);
}

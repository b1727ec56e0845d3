/**
 * The page interface that Microsoft publishes for Multimedia Redirection, so
 * that applications which detect it work unchanged (Azure Virtual Desktop,
 * "Developer integration with multimedia redirection").
 * @module
 */
import {
  Symbol, addEventListener as listen, arrayFind, arrayForEach, clearTimeout, defineProperty, getOwnPropertyDescriptor,
  keys, randomUUID, setTimeout,
} from './natives.js';
import { CustomEvent, mediaDevicesOf } from './media-natives.js';
import { linkState, on, onLink, requestWith } from './channel.js';
import { fire } from './event-target.js';
import { looksNative } from './idl.js';
import { Method, PRODUCT_VERSION } from './protocol.gen.js';

/** @typedef {import('./protocol.gen.js').Component} Component */

/** A mark that the extension leaves on the window, before the shim, where the policy switches the interface off. */
const OFF = Symbol.for('nearend.noPageInterface');

const STATE_CHANGED = 'rdpClientConnectionStateChanged';
/** Milliseconds from the loss of the link to the first attempt, and at most between attempts. */
const FIRST_PAUSE = 2000;
const LAST_PAUSE = 30000;

/** Names this document for support cases. */
const activityId = randomUUID();
/** @type {Component[]} */
let components = [];
/** @type {string | undefined} */
let connection;
/** What the page was told last. @type {boolean | undefined} */
let wasConnected;
/** Whether the page listens for the connection. */
let awaited = false;
/** @type {any} */
let timer;

/**
 * Applications look once, while they start, so the interface stands before the
 * link does.
 * @param {any} window
 */
export function installPageInterface(window) {
  const off = window[OFF] === true;
  delete window[OFF];
  const mediaDevices = mediaDevicesOf(window.navigator);
  if (off || !mediaDevices) return;
  offer(mediaDevices);
  if (window !== globalThis) return;
  on(Method.DocumentSettings, (/** @type {any} */ settings) => {
    components = settings.components ?? [];
    connection = settings.connection;
  });
  listenForListeners(mediaDevices);
  onLink((state) => {
    const connected = state === 'connected';
    // An attempt that fails says again that the link is lost.
    if (connected === wasConnected) return;
    wasConnected = connected;
    tryAgain(connected ? 0 : FIRST_PAUSE);
    const detail = { state: connected ? 'connected' : 'disconnected' };
    fire(mediaDevices, new CustomEvent(STATE_CHANGED, { detail }));
  });
}

/**
 * Notes when the page wants to hear of the connection.
 * @param {any} mediaDevices
 */
function listenForListeners(mediaDevices) {
  const { addEventListener } = {
    /** @this {any} @param {any} type */
    addEventListener(type) {
      if (`${type}` === STATE_CHANGED) awaited = true;
      return listen(this, ...arguments);
    },
  };
  defineProperty(addEventListener, 'length', { value: 2, configurable: true });
  defineProperty(mediaDevices, 'addEventListener', {
    value: looksNative(addEventListener), writable: true, configurable: true,
  });
}

/**
 * A lost link comes back when somebody asks for something. An application that
 * waits for the connection before it makes a call would wait for ever, so on its
 * behalf something is asked for, less and less often.
 * @param {number} pause milliseconds; 0 to stop
 */
function tryAgain(pause) {
  clearTimeout(timer);
  if (pause === 0) return;
  timer = setTimeout(() => {
    if (awaited) requestWith(Method.DevicesEnumerate, {});
    tryAgain(pause * 2 < LAST_PAUSE ? pause * 2 : LAST_PAUSE);
  }, pause);
}

/** Versions are undefined until the part in question has spoken. */
const members = {
  get isCallRedirectionEnabled() {
    return linkState() !== 'lost';
  },
  /** The part on the person's machine. */
  get mmrClientVersion() {
    return version('endpoint');
  },
  /** The part on the session host. */
  get mmrHostVersion() {
    return version('nativehost');
  },
  get mmrExtensionVersion() {
    return version('extension') ?? PRODUCT_VERSION;
  },
  get activityId() {
    return activityId;
  },
  get connectionId() {
    return connection || undefined;
  },
};

/** @param {any} mediaDevices */
function offer(mediaDevices) {
  arrayForEach(keys(members), (/** @type {string} */ key) => {
    const { get } = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(members, key));
    looksNative(/** @type {Function} */ (get), `get ${key}`);
    defineProperty(mediaDevices, key, { get, enumerable: true, configurable: true });
  });
}

/** @param {string} name of a component */
function version(name) {
  return arrayFind(components, (/** @type {Component} */ component) => component.name === name)?.version;
}

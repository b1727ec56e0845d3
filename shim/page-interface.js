/**
 * The page interface that Microsoft publishes for Multimedia Redirection, so
 * that applications which detect it work unchanged (Azure Virtual Desktop,
 * "Developer integration with multimedia redirection").
 * @module
 */
import {
  Symbol, arrayFind, arrayForEach, defineProperty, getOwnPropertyDescriptor, keys, randomUUID,
} from './natives.js';
import { CustomEvent, mediaDevicesOf } from './media-natives.js';
import { linkState, on, onLink } from './channel.js';
import { fire } from './event-target.js';
import { looksNative } from './idl.js';
import { Method, PRODUCT_VERSION } from './protocol.gen.js';

/** @typedef {import('./protocol.gen.js').Component} Component */

/** A mark that the extension leaves on the window, before the shim, where the policy switches the interface off. */
const OFF = Symbol.for('nearend.noPageInterface');

/** Names this document for support cases. */
const activityId = randomUUID();
/** @type {Component[]} */
let components = [];
/** @type {string | undefined} */
let connection;
/** What the page was told last. @type {boolean | undefined} */
let wasConnected;

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
  onLink((state) => {
    const connected = state === 'connected';
    if (connected === wasConnected) return;
    wasConnected = connected;
    const detail = { state: connected ? 'connected' : 'disconnected' };
    fire(mediaDevices, new CustomEvent('rdpClientConnectionStateChanged', { detail }));
  });
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

/**
 * The way to the endpoint: requests, replies and notifications in order over
 * the bridge, a MessagePort that the extension's content script holds the
 * other end of.
 *
 * Replies and notifications are handled strictly in the order of arrival, each
 * in a task of its own. What is sent before the bridge is taken waits in the
 * port.
 *
 * @module
 */
import {
  MessageChannel, MessageEvent, Promise, SafeMap, SafeSet, addEventListener, arrayFrom, closePort, dispatchEvent,
  messageData, postMessage, startPort, warn,
} from './natives.js';
import { domException, toException } from './errors.js';
import { Method } from './protocol.gen.js';

/**
 * @typedef {{onResult: (result: any) => void, onError: (error: Error) => void}} Callbacks
 * @typedef {'connecting'|'connected'|'lost'} LinkState
 */

/** @type {Map<number, Callbacks>} */
const pending = new SafeMap();
/** @type {Map<string, Set<(params: any) => void>>} */
const subscribers = new SafeMap();
/** @type {Set<(state: LinkState, reason: string) => void>} */
const linkHandlers = new SafeSet();

/** @type {any} The port in use; undefined before open. */
let port;
let lastId = 0;
/** @type {LinkState} */
let state = 'connecting';

/**
 * Opens the bridge. Called once, before the page's first script.
 * @param {EventTarget} window
 */
export function open(window) {
  port = offerBridge(window);
  addEventListener(window, 'nearend:reconnect', () => {
    // A page can forge this event, so the bridge in use stays until the new
    // one has spoken.
    offerBridge(window);
  });
}

/**
 * Dispatches one end of a new bridge; the other becomes the port in use with
 * its first message.
 * @param {EventTarget} window
 */
function offerBridge(window) {
  const { port1, port2 } = new MessageChannel();
  addEventListener(port1, 'message', (/** @type {MessageEvent} */ event) => {
    if (port !== port1) replacePort(port1);
    receive(messageData(event));
  });
  startPort(port1);
  dispatchEvent(window, new MessageEvent('nearend:bridge', { ports: [port2] }));
  return port1;
}

/** @param {any} next */
function replacePort(next) {
  closePort(port);
  port = next;
  if (state !== 'lost') linkChanged('lost', 'The extension was restarted.');
}

/** @param {any} message */
function receive(message) {
  if (typeof message !== 'object' || message === null) return;
  try {
    if (typeof message.method === 'string') {
      notify(message.method, message.params ?? {});
    } else if (typeof message.id === 'number') {
      settle(message);
    }
  } catch (error) {
    warn('Nearend: a message could not be handled.', error);
  }
}

/** @param {any} message */
function settle(message) {
  const callbacks = pending.get(message.id);
  if (!callbacks) return;
  pending.delete(message.id);
  if (message.error) callbacks.onError(toException(message.error));
  else callbacks.onResult(message.result ?? {});
}

/**
 * @param {string} method
 * @param {any} params
 */
function notify(method, params) {
  if (method === Method.LinkChanged) {
    if (params.state === 'connected' || params.state === 'lost') linkChanged(params.state, `${params.reason ?? ''}`);
    return;
  }
  for (const handler of arrayFrom(subscribers.get(method) ?? [])) handler(params);
}

/**
 * Everything at the endpoint is gone when the link is lost: the objects are
 * told first, then what was asked before is refused. What they ask meanwhile
 * belongs to the next link, and link.lossSeen parts the two on the way.
 * @param {LinkState} next
 * @param {string} reason
 */
function linkChanged(next, reason) {
  state = next;
  const refused = next === 'lost' ? arrayFrom(pending.values()) : [];
  if (next === 'lost') {
    pending.clear();
    postMessage(port, { method: Method.LinkLossSeen });
  }
  for (const handler of arrayFrom(linkHandlers)) {
    try {
      handler(next, reason);
    } catch (error) {
      warn('Nearend: a link change could not be handled.', error);
    }
  }
  const message = reason || 'The connection to the endpoint was lost.';
  for (const { onError } of refused) onError(domException('OperationError', message));
}

/**
 * Sends a request; the callbacks run synchronously in the task of its reply,
 * exactly one of them once, unless the request is abandoned.
 * @param {string} method wire name, of Method
 * @param {object} params
 * @param {Partial<Callbacks>} [callbacks]
 * @returns {() => void} abandons the request: no callback will run
 */
export function requestWith(method, params, { onResult = ignore, onError = ignore } = {}) {
  const id = ++lastId;
  pending.set(id, { onResult, onError });
  postMessage(port, { id, method, params });
  return () => { pending.delete(id); };
}

/**
 * Sends a request.
 * @param {string} method wire name, of Method
 * @param {object} [params]
 * @returns {Promise<any>} the result; rejects with an exception made by errors.js
 */
export function request(method, params = {}) {
  return new Promise((/** @type {(value: any) => void} */ onResult, /** @type {(reason: any) => void} */ onError) => {
    requestWith(method, params, { onResult, onError });
  });
}

/**
 * Handles a notification. Several handlers of one method run in the order of
 * their registration.
 * @param {string} method wire name, of Method
 * @param {(params: any) => void} handler
 * @returns {() => void} takes the handler off again
 */
export function on(method, handler) {
  let own = subscribers.get(method);
  if (!own) subscribers.set(method, own = new SafeSet());
  own.add(handler);
  return () => { own.delete(handler); };
}

/**
 * Calls handler on every change of the link, before requests that it breaks
 * are rejected.
 * @param {(state: LinkState, reason: string) => void} handler
 * @returns {() => void} takes the handler off again
 */
export function onLink(handler) {
  linkHandlers.add(handler);
  return () => { linkHandlers.delete(handler); };
}

/** @returns {LinkState} "connecting" until the service worker has spoken. */
export function linkState() {
  return state;
}

function ignore() {}

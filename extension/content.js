/**
 * The content script: carries messages between the shim in the page and the
 * service worker. It knows no methods and trusts nothing from the page; the
 * service worker checks.
 *
 * The shim offers a bridge by an event that carries a MessagePort. One bridge
 * at a time: a page that forges the event while one is open is ignored.
 *
 * @module
 */
import { RECONNECT } from './adoption.js';
import * as browser from './browser.js';
import { encodedSize, isLossSeen, tooLarge } from './message.js';
import { Limit, LinkState, Method } from './protocol.gen.js';

const LOST = 'The extension was stopped or reloaded. Start the call again.';
const ORPHANED = 'The extension was reloaded, updated or removed. Start the call again; if that fails, reload the page.';

/**
 * To the shim, once the bridge is open.
 * @type {MessagePort|undefined}
 */
let bridge;
/**
 * To the service worker, while it runs.
 * @type {chrome.runtime.Port|undefined}
 */
let worker;
/** From a lost link that was told here until the shim has seen it. */
let stale = false;

/** @param {Event} event */
function takeBridge(event) {
  if (bridge || !browser.isAlive() || !(event instanceof MessageEvent) || event.ports.length !== 1) return;
  event.stopImmediatePropagation();
  bridge = event.ports[0];
  bridge.onmessage = ({ data }) => fromShim(data);
  connect();
}

function connect() {
  try {
    worker = browser.connect('document');
  } catch {
    retire();
    return;
  }
  worker.onMessage.addListener(message => bridge?.postMessage(message));
  worker.onDisconnect.addListener(() => {
    worker = undefined;
    if (browser.isAlive()) tellLost(LOST);
    else retire();
  });
}

/** @param {unknown} message */
function fromShim(message) {
  const seen = isLossSeen(message);
  if (seen) stale = false;
  // Neither what was meant for the endpoint that is gone, nor the word that it
  // is, shall wake a worker that has stopped.
  if (stale || (seen && !worker)) return;
  if (encodedSize(message) > Limit.MaxMessage) {
    const { id } = /** @type {{id?: unknown}} */ (message);
    bridge?.postMessage({ id: Number.isSafeInteger(id) ? id : 0, error: tooLarge() });
    return;
  }
  if (!worker) connect();
  worker?.postMessage(message);
}

/** @param {string} reason */
function tellLost(reason) {
  stale = true;
  bridge?.postMessage({ method: Method.LinkChanged, params: { state: LinkState.LinkLost, reason } });
}

/** The extension that this script belongs to is gone; its successor takes over. */
function retire() {
  window.removeEventListener('nearend:bridge', takeBridge, true);
  tellLost(ORPHANED);
  bridge?.close();
  bridge = undefined;
}

window.addEventListener('nearend:bridge', takeBridge, true);
browser.onMessage(message => {
  if (message === RECONNECT && bridge && !worker) connect();
  return bridge !== undefined;
});
// A shim that was here before this script opens its bridge again.
window.dispatchEvent(new Event('nearend:reconnect'));

import './doubles.js';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { installFrames } from './frames.js';

/** @type {any} */
let inner;

class HTMLIFrameElement {
  get contentWindow() { return inner; }
  get contentDocument() { return inner?.document ?? null; }
}

/** @type {any[]} */
const installed = [];
installFrames({ HTMLIFrameElement }, (window) => {
  installed.push(window);
  window.RTCPeerConnection = class RTCPeerConnection {};
});

/** @type {any} */
const frame = new HTMLIFrameElement();

test('a frame whose document is untouched gets what its parent has, once', () => {
  inner = { RTCPeerConnection: Math.max, document: {} };
  assert.equal(frame.contentWindow, inner);
  assert.equal(frame.contentDocument, inner.document);
  assert.deepEqual(installed.splice(0), [inner]);
});

test('a look at the list of frames redirects them all', () => {
  /** @type {any} */
  const frames = [{ RTCPeerConnection: Math.max }, { RTCPeerConnection: Math.max }];
  const window = { ...frames };
  Object.defineProperty(window, 'frames', { get() { return window; }, set() {}, enumerable: true, configurable: true });
  Object.defineProperty(window, 'length', { get() { return 2; }, set() {}, enumerable: true, configurable: true });
  installFrames(window, (each) => {
    installed.push(each);
    each.RTCPeerConnection = class RTCPeerConnection {};
  });
  assert.equal(/** @type {any} */ (window).frames, window);
  assert.deepEqual(installed.splice(0), frames);
  assert.equal(/** @type {any} */ (window).length, 2);
  assert.deepEqual(installed, []);
});

test('the document is a way in too', () => {
  inner = { RTCPeerConnection: Math.max, document: {} };
  assert.equal(frame.contentDocument, inner.document);
  assert.deepEqual(installed.splice(0), [inner]);
});

test('frames of other origins, without a window or with a shim are left alone', () => {
  inner = { get RTCPeerConnection() { throw new DOMException('', 'SecurityError'); } };
  assert.equal(frame.contentWindow, inner);
  inner = null;
  assert.equal(frame.contentWindow, null);
  assert.equal(frame.contentDocument, null);
  inner = { RTCPeerConnection: class RTCPeerConnection {} };
  assert.equal(frame.contentWindow, inner);
  assert.deepEqual(installed, []);
});

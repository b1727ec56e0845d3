import { FakeBridge } from './doubles.js';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { EventTarget as Target, defineHandlers, fire } from './event-target.js';
import { defineInterface, installNativeLook } from './idl.js';
import { RTCPeerConnection } from './peer-connection.js';
import { RTCRtpSender } from './sender.js';

const bridge = new FakeBridge();
open(bridge.window);
after(() => bridge.close());
installNativeLook(globalThis);

test('an interface has the shape that Web IDL gives it', () => {
  const { prototype } = /** @type {any} */ (RTCPeerConnection);
  const describe = (/** @type {string} */ name) => /** @type {any} */ (Object.getOwnPropertyDescriptor(prototype, name));
  assert.equal(`${RTCPeerConnection}`, 'function RTCPeerConnection() { [native code] }');
  assert.equal(`${prototype.createOffer}`, 'function createOffer() { [native code] }');
  assert.equal(`${describe('ontrack').set}`, 'function set ontrack() { [native code] }');
  assert.equal(`${Function.prototype.toString}`, 'function toString() { [native code] }');
  assert.equal(Object.prototype.toString.call(new RTCPeerConnection()), '[object RTCPeerConnection]');
  for (const name of ['createOffer', 'localDescription', 'ontrack']) {
    assert.ok(describe(name).enumerable && describe(name).configurable, name);
  }
  assert.equal(describe('constructor').enumerable, false);
  assert.equal(prototype.setRemoteDescription.length, 1);
  assert.equal(RTCPeerConnection.length, 0);
});

test('constructors that a page may not call throw', () => {
  assert.throws(() => new RTCRtpSender(), { name: 'TypeError', message: 'Illegal constructor' });
  assert.throws(() => /** @type {any} */ (RTCRtpSender).call({}), TypeError);
});

test('operations that return promises reject on a foreign receiver', async () => {
  const { prototype } = /** @type {any} */ (RTCPeerConnection);
  await assert.rejects(prototype.createOffer.call({}), TypeError);
  assert.throws(() => prototype.getSenders.call({}), TypeError);
});

test('an event handler keeps its place when replaced and loses it on null', () => {
  class Thing extends Target {}
  defineHandlers(Thing, ['x']);
  defineInterface(Thing);
  const thing = /** @type {any} */ (new Thing());
  const order = /** @type {any[]} */ ([]);
  thing.onx = () => order.push('old');
  thing.addEventListener('x', () => order.push('listener'));
  thing.onx = () => order.push('handler');
  fire(thing, 'x');
  assert.deepEqual(order, ['handler', 'listener']);
  thing.onx = null;
  assert.equal(thing.onx, null);
  thing.onx = 5;
  assert.equal(thing.onx, null);
  thing.onx = () => order.push('last');
  fire(thing, 'x');
  assert.deepEqual(order, ['handler', 'listener', 'listener', 'last']);
});

test('what a page does to prototypes does not reach the shim', () => {
  const thing = /** @type {any} */ (new RTCPeerConnection());
  const { dispatchEvent } = EventTarget.prototype;
  let fired = 0;
  thing.ontrack = () => fired++;
  EventTarget.prototype.dispatchEvent = () => { throw new Error('patched'); };
  try {
    fire(thing, 'track');
  } finally {
    EventTarget.prototype.dispatchEvent = dispatchEvent;
  }
  assert.equal(fired, 1);
});

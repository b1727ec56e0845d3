import './media-doubles.js';
import { FakeBridge } from './doubles.js';
import { clock } from './timer-double.js';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { installPageInterface } from './page-interface.js';
import { Method, PRODUCT_VERSION } from './protocol.gen.js';

const bridge = new FakeBridge();
open(bridge.window);
after(() => bridge.close());
/** @type {any} */
const { mediaDevices } = globalThis.navigator;
/** @type {any} */
const window = globalThis;
const OFF = Symbol.for('nearend.noPageInterface');

test('a policy switches it off, and its mark goes', () => {
  window[OFF] = true;
  installPageInterface(window);
  assert.equal('isCallRedirectionEnabled' in mediaDevices, false);
  assert.equal(OFF in window, false);
});

test('applications that look while they start find it', () => {
  installPageInterface(window);
  assert.equal(mediaDevices.isCallRedirectionEnabled, true);
  assert.equal(mediaDevices.mmrExtensionVersion, PRODUCT_VERSION);
  assert.match(mediaDevices.activityId, /^[0-9a-f-]{36}$/);
  assert.equal(mediaDevices.mmrHostVersion, undefined);
});

test('versions and ids come with the settings', async () => {
  bridge.notify(Method.DocumentSettings, {
    connection: 'c', components: [{ name: 'nativehost', version: '1' }, { name: 'endpoint', version: '2' }],
  });
  await bridge.settle();
  assert.deepEqual([mediaDevices.mmrHostVersion, mediaDevices.mmrClientVersion, mediaDevices.connectionId], ['1', '2', 'c']);
});

test('each change of the connection is told once', async () => {
  /** @type {string[]} */
  const states = [];
  mediaDevices.addEventListener('rdpClientConnectionStateChanged', (/** @type {any} */ event) => {
    states.push(event.detail.state, mediaDevices.isCallRedirectionEnabled);
  });
  for (const state of ['connected', 'connected', 'lost', 'lost', 'connected']) bridge.notify('link.changed', { state });
  await bridge.settle();
  assert.deepEqual(states, ['connected', true, 'disconnected', false, 'connected', true]);
});

test('a page that waits for the connection gets it back, tried less and less often', async () => {
  bridge.requests.length = 0;
  bridge.notify('link.changed', { state: 'lost' });
  await bridge.settle();
  /** @type {number[]} */
  const pauses = [];
  for (let turn = 0; turn < 6; turn++) {
    pauses.push(clock.run());
    bridge.notify('link.changed', { state: 'lost' });
    await bridge.settle();
  }
  await bridge.settle();
  assert.deepEqual(pauses, [2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(bridge.of(Method.DevicesEnumerate).length, 6);
  bridge.notify('link.changed', { state: 'connected' });
  await bridge.settle();
  assert.equal(clock.pending, 0);
});

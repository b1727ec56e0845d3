import './media-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { contextSink, installContextSinks, openDevice, visibleState } from './audio-context-sink.js';
import { contextSinkId, contextState } from './media-natives.js';
import { Method } from './protocol.gen.js';

const bridge = new FakeBridge();
open(bridge.window);
after(() => bridge.close());
bridge.answer = (/** @type {any} */ { method }) => (method === Method.DevicesEnumerate
  ? { devices: [{ kind: 'audiooutput', deviceId: 'speaker', groupId: '', label: '' }] } : {});

/** @type {any} */
const window = globalThis;
const native = window.AudioContext;
installContextSinks(window);
const { AudioContext } = window;

/** @param {EventTarget} context */
function record(context) {
  /** @type {string[]} */
  const log = [];
  for (const type of ['statechange', 'sinkchange', 'error']) context.addEventListener(type, () => log.push(type));
  return log;
}

const tasks = () => new Promise((resolve) => { setTimeout(resolve, 5); });

test('a context starts without a device, and the page sees the default', () => {
  for (const options of [[], [undefined], [null], [{}], [{ sinkId: '' }], [Object.create({ sampleRate: 8000 })]]) {
    const context = new AudioContext(...options);
    assert.ok(context instanceof native && context.constructor === AudioContext);
    assert.deepEqual(contextSinkId(context), { type: 'none' });
    assert.equal(context.sinkId, '');
    assert.equal(contextSink(context), '');
  }
});

test('no sound at all stays the page’s own choice, and mistakes the platform’s', () => {
  const context = new AudioContext({ sinkId: { type: 'none' } });
  assert.deepEqual(context.sinkId, { type: 'none' });
  assert.equal(contextSink(context), undefined);
  assert.throws(() => new AudioContext(5), TypeError);
});

test('the first sound of its own opens the device, unseen', async () => {
  const context = new AudioContext();
  const log = record(context);
  openDevice(context);
  assert.equal(contextState(context), 'suspended');
  assert.equal(context.state, 'running');
  await tasks();
  assert.equal(contextSinkId(context), '');
  openDevice(context);
  await tasks();
  assert.deepEqual(log, []);
  context.become('suspended');
  assert.equal(visibleState(context), 'suspended');
  assert.deepEqual(log, ['statechange']);
});

test('an endpoint device is chosen, here nothing changes', async () => {
  const context = new AudioContext();
  const log = record(context);
  await context.setSinkId('speaker');
  assert.deepEqual([context.sinkId, contextSink(context), log], ['speaker', 'speaker', ['sinkchange']]);
  assert.deepEqual(contextSinkId(context), { type: 'none' });
  await context.setSinkId('speaker');
  assert.equal(log.length, 1);
  await assert.rejects(context.setSinkId('unknown'), { name: 'NotFoundError' });
  await context.setSinkId('');
  assert.equal(contextSink(context), '');
  context.become('closed');
  await assert.rejects(context.setSinkId('speaker'), { name: 'InvalidStateError' });
});

test('a device named at construction', async () => {
  const context = new AudioContext({ sinkId: 'speaker' });
  const wrong = new AudioContext({ sinkId: 'unknown' });
  const log = record(wrong);
  await bridge.settle();
  assert.equal(context.sinkId, 'speaker');
  assert.deepEqual([wrong.sinkId, log], ['', ['error']]);
});

test('a page that turns the sound off for good', async () => {
  const context = new AudioContext();
  await context.setSinkId({ type: 'none' });
  assert.deepEqual(context.sinkId, { type: 'none' });
  assert.equal(contextSink(context), undefined);
  openDevice(context);
  await tasks();
  assert.deepEqual(contextSinkId(context), { type: 'none' });
});

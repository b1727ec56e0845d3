import './media-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { installMediaDevices } from './media-devices.js';
import { installTracks } from './media-stream-track.js';
import { Method } from './protocol.gen.js';

const bridge = new FakeBridge();
open(bridge.window);
installTracks(globalThis);
installMediaDevices(globalThis);
after(() => bridge.close());

const settings = { deviceId: 'mic', echoCancellation: true };
const devices = [
  { kind: 'audioinput', deviceId: 'default', groupId: 'g', label: 'Default' },
  { kind: 'audioinput', deviceId: 'mic', groupId: 'g', label: 'Microphone' },
  { kind: 'audiooutput', deviceId: 'speaker', groupId: 'g', label: 'Speaker' },
];
/** @type {any} */
const navigator = globalThis.navigator;
/** @type {any} */
const { mediaDevices } = navigator;
/** What reached the platform. @type {any[]} */
const asked = /** @type {any} */ (globalThis).MediaDevices.asked;

beforeEach(() => {
  asked.length = 0;
  bridge.requests.length = 0;
  bridge.answer = ({ method, params }) => {
    if (method === Method.DevicesEnumerate) return { devices };
    if (params.audio?.deviceId?.exact) throw { name: 'OverconstrainedError', message: 'no', constraint: 'deviceId' };
    return { label: 'Microphone', settings, capabilities: { sampleRate: { min: 1, max: 2 } } };
  };
});

test('without permission one device of each kind shows, unnamed', async () => {
  const list = await mediaDevices.enumerateDevices();
  assert.deepEqual(list.map((/** @type {any} */ info) => [info.kind, info.deviceId, info.label]), [
    ['audioinput', '', ''], ['videoinput', 'host-camera', ''], ['audiooutput', '', ''],
  ]);
  assert.deepEqual(list[0].getCapabilities(), {});
});

test('a microphone is the endpoint’s', async () => {
  const stream = await mediaDevices.getUserMedia({ audio: { echoCancellation: true } });
  const [track] = stream.getTracks();
  assert.ok(stream instanceof MediaStream && track instanceof MediaStreamTrack);
  assert.deepEqual(bridge.of(Method.DevicesGetUserMedia)[0].params, {
    track: track.id, audio: { echoCancellation: { ideal: true } },
  });
  assert.deepEqual([track.label, track.readyState, track.getSettings()], ['Microphone', 'live', settings]);
  assert.deepEqual(track.getConstraints(), { echoCancellation: true });
  assert.deepEqual(asked, []);
});

test('with permission the endpoint’s devices show by name, among the own cameras', async () => {
  const list = await mediaDevices.enumerateDevices();
  assert.deepEqual(list.map((/** @type {any} */ info) => info.label), ['Default', 'Microphone', '', 'Speaker']);
  const { InputDeviceInfo, MediaDeviceInfo } = /** @type {any} */ (globalThis);
  assert.ok(list[0] instanceof InputDeviceInfo && list[3] instanceof MediaDeviceInfo);
  assert.ok(!(list[3] instanceof InputDeviceInfo));
  assert.deepEqual(list[3].toJSON(), { deviceId: 'speaker', kind: 'audiooutput', label: 'Speaker', groupId: 'g' });
  assert.equal(list[1].getCapabilities().deviceId, 'mic');
  assert.deepEqual(list[2].getCapabilities(), { native: true });
});

test('a request that the endpoint refuses', async () => {
  await assert.rejects(mediaDevices.getUserMedia({ audio: { deviceId: { exact: 'x' } } }),
    (/** @type {any} */ error) => error.name === 'OverconstrainedError' && error.constraint === 'deviceId');
});

test('video, the sound of a tab and mistakes are the platform’s', async () => {
  const tab = { audio: { mandatory: { chromeMediaSource: 'tab' } } };
  for (const constraints of [{ video: true }, { audio: true, video: {} }, { audio: true, video: null }, tab]) {
    assert.equal(await mediaDevices.getUserMedia(constraints), 'native');
  }
  for (const constraints of [undefined, null, {}, { audio: false }, { audio: '' }, 5]) {
    await assert.rejects(mediaDevices.getUserMedia(constraints), TypeError);
  }
  await assert.rejects(mediaDevices.getUserMedia.call({}, { audio: true }), TypeError);
  assert.equal(asked.length, 11);
  assert.deepEqual(bridge.requests, []);
});

test('sound beside video comes from the platform’s own microphone, whichever of the endpoint’s the page chose', async () => {
  await mediaDevices.enumerateDevices();
  const video = { width: 640 };
  for (const audio of [{ deviceId: 'mic', channelCount: 1 }, { deviceId: { exact: ['x', 'mic'] }, channelCount: 1 },
    { groupId: { ideal: 'g' }, channelCount: 1 }]) {
    await mediaDevices.getUserMedia({ audio, video });
    assert.deepEqual(asked.at(-1), { audio: { channelCount: 1 }, video });
  }
  const elsewhere = { audio: { deviceId: { exact: 'host-mic' } }, video };
  await mediaDevices.getUserMedia(elsewhere);
  assert.equal(asked.at(-1), elsewhere);
});

test('null asks for audio, as for any dictionary', async () => {
  assert.ok(await mediaDevices.getUserMedia({ audio: null, video: false }) instanceof MediaStream);
});

test('callbacks', async () => {
  const stream = await new Promise((resolve, reject) => { navigator.getUserMedia({ audio: true }, resolve, reject); });
  assert.ok(stream instanceof MediaStream);
  const error = await new Promise((resolve, reject) => {
    navigator.webkitGetUserMedia({ audio: { deviceId: { exact: 'x' } } }, reject, resolve);
  });
  assert.equal(/** @type {any} */ (error).name, 'OverconstrainedError');
  assert.throws(() => navigator.getUserMedia({ audio: true }), TypeError);
});

test('devicechange', async () => {
  let events = 0;
  mediaDevices.addEventListener('devicechange', () => events++);
  bridge.notify(Method.DevicesChanged, { devices: [] });
  await bridge.settle();
  assert.equal(events, 1);
});

test('with the link lost only the own cameras are left', async () => {
  bridge.answer = () => { throw { name: 'OperationError', message: 'lost' }; };
  const list = await mediaDevices.enumerateDevices();
  assert.deepEqual(list.map((/** @type {any} */ info) => info.kind), ['videoinput']);
  await assert.rejects(mediaDevices.getUserMedia({ audio: true }), { name: 'OperationError' });
});

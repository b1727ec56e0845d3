import './media-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { carriedBy, noteMixable, setCarried } from './carried-audio.js';
import { open } from './channel.js';
import { installStreams } from './media-stream.js';
import { installTracks } from './media-stream-track.js';
import { RTCPeerConnection } from './peer-connection.js';
import { updateMixes } from './sent-mix.js';
import { createStandIn, standInOf } from './stand-in-track.js';

const global = /** @type {any} */ (globalThis);
const bridge = new FakeBridge();
open(bridge.window);
installTracks(global);
installStreams(global);
after(() => bridge.close());

beforeEach(async () => {
  await bridge.settle();
  bridge.requests.length = 0;
});

/** A track of a destination node. */
const destination = () => {
  const track = new global.MediaStreamTrack('audio');
  noteMixable(track);
  return track;
};
const voice = createStandIn({ local: true });
const microphone = /** @type {any} */ (standInOf(voice));

/** What the endpoint was asked for concerning tracks. */
const told = async () => {
  await bridge.settle();
  return bridge.requests.filter(({ method }) => method.startsWith('track.')).map(({ method, params }) => [method, params]);
};

test('what a graph makes exists at the endpoint before it is sent', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const track = destination();
  setCarried(track, [{ standIn: microphone, gain: 0.5 }]);
  updateMixes();
  assert.deepEqual(await told(), []);
  pc.addTrack(track);
  await bridge.settle();
  assert.deepEqual(bridge.requests.map(({ method }) => method), ['pc.create', 'track.mix', 'pc.addTransceiver']);
  assert.deepEqual(bridge.requests[1].params, { track: track.id, inputs: [{ track: microphone.track, gain: 0.5 }] });
  assert.equal(bridge.requests[2].params.track, track.id);
  pc.close();
});

test('gains and mute are followed', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const track = destination();
  track.enabled = false;
  const { sender } = pc.addTransceiver('audio');
  sender.replaceTrack(track);
  assert.deepEqual(await told(), [
    ['track.mix', { track: track.id, inputs: [] }], ['track.setEnabled', { track: track.id, enabled: false }],
  ]);
  bridge.requests.length = 0;
  setCarried(track, [{ standIn: microphone, gain: 1 }]);
  updateMixes();
  updateMixes();
  track.enabled = true;
  sender.replaceTrack(track);
  track.stop();
  track.stop();
  assert.equal(track.readyState, 'ended');
  setCarried(track, []);
  updateMixes();
  assert.deepEqual(await told(), [
    ['track.mix', { track: track.id, inputs: [{ track: microphone.track, gain: 1 }] }],
    ['track.setEnabled', { track: track.id, enabled: true }], ['track.stop', { track: track.id }],
  ]);
  pc.close();
});

test('a clone carries the same and is muted by itself', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const track = destination();
  setCarried(track, [{ standIn: microphone, gain: 2 }]);
  const clone = track.clone();
  const [other] = new global.MediaStream([clone]).clone().getTracks();
  assert.deepEqual(carriedBy(other), [microphone]);
  pc.addTrack(other);
  track.enabled = false;
  assert.deepEqual(await told(), [['track.mix', { track: other.id, inputs: [{ track: microphone.track, gain: 2 }] }]]);
  pc.close();
});

test('what ended before it was sent, and what no graph makes, has no name', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const track = destination();
  track.stop();
  pc.addTrack(track);
  pc.addTrack(new global.MediaStreamTrack('audio'));
  assert.deepEqual(await told(), []);
  assert.deepEqual(bridge.of('pc.addTransceiver').map(({ params }) => params.track), ['', '']);
  pc.close();
});

test('after a lost link it is made anew', async () => {
  const track = destination();
  new RTCPeerConnection().addTrack(track);
  bridge.notify('link.changed', { state: 'lost' });
  await bridge.settle();
  bridge.requests.length = 0;
  bridge.notify('link.changed', { state: 'connected' });
  const pc = /** @type {any} */ (new RTCPeerConnection());
  pc.addTrack(track);
  assert.equal((await told()).length, 1);
  pc.close();
});

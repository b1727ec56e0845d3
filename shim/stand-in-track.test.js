import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { createStandIn, standInOf } from './stand-in-track.js';
import { installTracks } from './media-stream-track.js';
import { addRemoteTrack, createRemoteStream, installStreams, removeRemoteTrack } from './media-stream.js';
import { Method } from './protocol.gen.js';

const bridge = new FakeBridge();
open(bridge.window);
installTracks(globalThis);
installStreams(globalThis);
after(() => bridge.close());
beforeEach(() => { bridge.requests.length = 0; bridge.answer = undefined; });

/** @param {any} track */
const state = (track) => /** @type {NonNullable<ReturnType<typeof standInOf>>} */ (standInOf(track));

/** @param {EventTarget} target @param {string[]} types */
function record(target, types) {
  /** @type {string[]} */
  const log = [];
  for (const type of types) target.addEventListener(type, () => log.push(type));
  return log;
}

test('a stand-in is a track and answers for the endpoint', () => {
  const track = createStandIn({ track: 'rx:p1:t1', id: 'far', label: 'Far', muted: true, settings: { sampleRate: 48000 } });
  assert.ok(track instanceof MediaStreamTrack);
  assert.deepEqual([track.id, track.label, track.kind, track.muted, track.enabled, track.readyState],
    ['far', 'Far', 'audio', true, true, 'live']);
  const settings = track.getSettings();
  settings.sampleRate = 1;
  assert.deepEqual(track.getSettings(), { sampleRate: 48000 });
  assert.deepEqual(track.getConstraints(), {});
});

test('a track of the platform is left alone', () => {
  const track = new MediaStreamTrack();
  assert.equal(standInOf(track), undefined);
  assert.equal(track.label, 'native');
  track.enabled = false;
  assert.equal(track.enabled, false);
  track.stop();
  assert.equal(track.readyState, 'ended');
  assert.equal(standInOf(null), undefined);
});

test('enabled is sent once for each change and never after the end', async () => {
  const track = createStandIn({ local: true });
  track.enabled = true;
  track.enabled = 0;
  track.enabled = false;
  track.stop();
  track.enabled = true;
  await bridge.settle();
  assert.deepEqual(bridge.requests.map(({ method, params }) => [method, params]), [
    [Method.TrackSetEnabled, { track: track.id, enabled: false }],
    [Method.TrackStop, { track: track.id }],
  ]);
});

test('stop fires nothing and is sent for audio that the page owns only', async () => {
  const own = createStandIn({ local: true });
  const far = createStandIn({ track: 'rx:p1:t2' });
  const log = [...record(own, ['ended']), ...record(far, ['ended'])];
  own.stop();
  own.stop();
  far.stop();
  await bridge.settle();
  assert.deepEqual(log, []);
  assert.deepEqual([own.readyState, far.readyState], ['ended', 'ended']);
  assert.deepEqual(bridge.of(Method.TrackStop).map(({ params }) => params.track), [own.id]);
});

test('a clone is a stand-in of its own with the same source', async () => {
  const track = createStandIn({ local: true, label: 'Mic', constraints: { echoCancellation: false } });
  track.enabled = false;
  const clone = track.clone();
  assert.notEqual(clone.id, track.id);
  assert.deepEqual([clone.label, clone.enabled, clone.readyState], ['Mic', false, 'live']);
  assert.deepEqual(clone.getConstraints(), { echoCancellation: false });
  track.stop();
  assert.equal(clone.readyState, 'live');
  await bridge.settle();
  assert.deepEqual(bridge.of(Method.TrackClone)[0].params, { track: track.id, clone: clone.id });
  assert.equal(track.clone().readyState, 'ended');
  await bridge.settle();
  assert.equal(bridge.of(Method.TrackClone).length, 1);
});

test('mute and the end of a source reach every clone, once', () => {
  const track = createStandIn({ track: 'rx:p1:t3', muted: true });
  const clone = track.clone();
  const log = record(track, ['mute', 'unmute', 'ended']);
  const cloneLog = record(clone, ['mute', 'unmute', 'ended']);
  state(track).setMuted(false);
  state(track).setMuted(false);
  state(track).end();
  state(track).end();
  state(track).setMuted(true);
  assert.deepEqual(log, ['unmute', 'ended']);
  assert.deepEqual(cloneLog, ['unmute', 'ended']);
  assert.equal(clone.readyState, 'ended');
});

test('the endpoint changes captured tracks', async () => {
  const track = createStandIn({ local: true });
  const log = record(track, ['mute', 'unmute', 'ended']);
  bridge.notify(Method.TrackChanged, { track: track.id, muted: true, ended: false, label: 'Other', settings: { deviceId: 'b' } });
  bridge.notify(Method.TrackChanged, { track: track.id, muted: false, ended: true });
  bridge.notify(Method.TrackChanged, { track: 'unknown', muted: true, ended: true });
  await bridge.settle();
  assert.deepEqual(log, ['mute', 'ended']);
  assert.equal(track.label, 'Other');
  assert.deepEqual(track.getSettings(), { deviceId: 'b' });
});

test('constraints are applied at the endpoint', async () => {
  const track = createStandIn({ local: true, settings: { echoCancellation: true } });
  bridge.answer = ({ params }) => {
    if (params.audio.deviceId) throw { name: 'OverconstrainedError', message: 'no', constraint: 'deviceId' };
    return { echoCancellation: false };
  };
  await track.applyConstraints({ echoCancellation: false });
  assert.deepEqual(track.getSettings(), { echoCancellation: false });
  assert.deepEqual(track.getConstraints(), { echoCancellation: false });
  await assert.rejects(track.applyConstraints({ deviceId: { exact: 'x' } }),
    (/** @type {any} */ error) => error.name === 'OverconstrainedError' && error.constraint === 'deviceId');
  assert.deepEqual(track.getConstraints(), { echoCancellation: false });
  await assert.rejects(track.applyConstraints({ latency: NaN }), TypeError);
});

test('a lost link ends every stand-in', async () => {
  const own = createStandIn({ local: true });
  const far = createStandIn({ track: 'rx:p2:t1' });
  const log = record(own, ['ended']);
  const farLog = record(far, ['ended']);
  bridge.notify('link.changed', { state: 'lost' });
  await bridge.settle();
  assert.deepEqual([log, farLog], [['ended'], ['ended']]);
  assert.equal(bridge.of(Method.TrackStop).length, 0);
});

test('streams of the far end carry its ids and say what they gain and lose', () => {
  const stream = createRemoteStream('far-stream');
  const track = createStandIn({ track: 'rx:p3:t1', id: 'far-track' });
  const log = record(stream, ['addtrack', 'removetrack']);
  assert.ok(stream instanceof MediaStream);
  assert.equal(stream.id, 'far-stream');
  addRemoteTrack(stream, track);
  addRemoteTrack(stream, track);
  assert.equal(stream.getTrackById('far-track'), track);
  removeRemoteTrack(stream, track);
  removeRemoteTrack(stream, track);
  assert.equal(stream.getTrackById('far-track'), null);
  assert.deepEqual(log, ['addtrack', 'removetrack']);
});

test('a cloned stream holds clones of stand-ins', () => {
  const track = createStandIn({ local: true });
  const native = new (/** @type {any} */ (globalThis).MediaStreamTrackGenerator)({ kind: 'video' });
  const stream = new MediaStream([track, native]);
  const clone = stream.clone();
  const [audio] = clone.getAudioTracks();
  assert.ok(standInOf(audio));
  assert.notEqual(audio.id, track.id);
  assert.equal(standInOf(clone.getVideoTracks()[0]), undefined);
});

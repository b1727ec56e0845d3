import { clock } from './frame-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { installFrameReaders } from './frame-readers.js';
import { installTracks } from './media-stream-track.js';
import { createStandIn } from './stand-in-track.js';

const global = /** @type {any} */ (globalThis);
const NativeRecorder = global.MediaRecorder;
const bridge = new FakeBridge();
open(bridge.window);
installTracks(global);
installFrameReaders(global);
after(() => bridge.close());

test('a recording of a stand-in is silence that lasts as long', async () => {
  const voice = /** @type {any} */ (createStandIn({ local: true }));
  const native = new global.MediaStreamTrack('video');
  const stream = new global.MediaStream([voice, native]);
  const recorder = new global.MediaRecorder(stream, { mimeType: 'x' });
  assert.ok(recorder instanceof NativeRecorder && recorder instanceof global.MediaRecorder);
  assert.equal(recorder.stream, stream);
  const [wet, same] = recorder.recorded;
  assert.equal(same, native);
  assert.notEqual(wet, voice);
  assert.throws(() => recorder.start('bad'), TypeError);
  assert.equal(clock.running, 0);
  recorder.start();
  clock.pass(95);
  await bridge.settle();
  assert.deepEqual(wet.frames.map((/** @type {any} */ { timestamp }) => (timestamp / 1000 - 1000) / 10),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const [{ data, numberOfChannels, numberOfFrames, sampleRate }] = wet.frames;
  assert.deepEqual([sampleRate, numberOfFrames, numberOfChannels, data.length], [48000, 480, 1, 480]);
  assert.ok(data.every((/** @type {number} */ sample) => sample === 0));
  // What was missed in a long sleep is not made up for.
  clock.pass(60_000);
  await bridge.settle();
  assert.ok(wet.frames.length <= 112, `${wet.frames.length} frames`);
  recorder.stop();
  assert.equal(clock.running, 0);
  recorder.start();
  assert.equal(clock.running, 1);
  voice.stop();
  await bridge.settle();
  assert.equal(wet.readyState, 'ended');
  assert.equal(clock.running, 0);
  recorder.start();
  assert.equal(clock.running, 0);
});

test('a processor of a stand-in reads silence until it ends', async () => {
  const voice = /** @type {any} */ (createStandIn({ local: true }));
  const { init } = new global.MediaStreamTrackProcessor({ track: voice, maxBufferSize: 5 });
  assert.equal(init.maxBufferSize, 5);
  clock.pass(30);
  await bridge.settle();
  assert.ok(init.track.frames.length >= 3);
  // Nobody takes the frames any more.
  init.track.stop();
  clock.pass(30);
  await bridge.settle();
  assert.equal(clock.running, 0);
});

test('what is no stand-in goes to the platform as it is', () => {
  const stream = new global.MediaStream([new global.MediaStreamTrack('audio')]);
  assert.equal(new global.MediaRecorder(stream).stream, stream);
  assert.throws(() => new global.MediaRecorder(5), TypeError);
  const init = { track: new global.MediaStreamTrack('video') };
  assert.equal(new global.MediaStreamTrackProcessor(init).init, init);
  assert.equal(new global.MediaStreamTrackProcessor(undefined).init, undefined);
  const ended = /** @type {any} */ (createStandIn({ local: true }));
  ended.stop();
  assert.equal(new global.MediaStreamTrackProcessor({ track: ended }).init.track, ended);
  assert.equal(clock.running, 0);
});

import { autoplay } from './media-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { installMediaElements } from './media-elements.js';
import { installStreams } from './media-stream.js';
import { installTracks } from './media-stream-track.js';
import { createStandIn } from './stand-in-track.js';
import { Method } from './protocol.gen.js';

const bridge = new FakeBridge();
open(bridge.window);
installTracks(globalThis);
installStreams(globalThis);
installMediaElements(globalThis);
after(() => bridge.close());
beforeEach(() => { autoplay.allowed = true; });

bridge.answer = (/** @type {any} */ { method }) => (method === Method.DevicesEnumerate
  ? { devices: [{ kind: 'audiooutput', deviceId: 'speaker', groupId: '', label: 'Speaker' }] } : {});

/** What the endpoint heard since the last call. */
async function heard() {
  await bridge.settle();
  return bridge.requests.splice(0).filter(({ method }) => method.startsWith('player.'))
    .map(({ method, params }) => (method === Method.PlayerClose ? 'close' : params));
}

/** @returns {any} */
const element = () => new HTMLMediaElement();
const stream = (/** @type {any[]} */ ...tracks) => new MediaStream(tracks);
const standIn = () => createStandIn({ local: true });

/** @param {EventTarget} target */
function record(target) {
  /** @type {string[]} */
  const log = [];
  for (const type of ['play', 'playing', 'waiting', 'pause']) target.addEventListener(type, () => log.push(type));
  return log;
}

const tasks = () => new Promise((resolve) => { setTimeout(resolve, 5); });

test('a track is heard while an element plays it', async () => {
  const track = standIn();
  const audio = element();
  audio.srcObject = stream(track);
  assert.deepEqual(await heard(), []);
  const playing = audio.play();
  audio.volume = 0.5;
  audio.muted = true;
  await playing;
  const [state, ...more] = await heard();
  assert.deepEqual([state.tracks, state.playing, state.muted, state.volume], [[track.id], true, true, 0.5]);
  assert.equal(more.length, 0, 'a burst of changes is one message');
  audio.pause();
  assert.deepEqual((await heard()).map(({ playing }) => playing), [false]);
  audio.srcObject = null;
  assert.deepEqual(await heard(), ['close']);
});

test('tracks that come, go, are disabled or end while it plays', async () => {
  const [first, second] = [standIn(), standIn()];
  const source = stream(first);
  const audio = element();
  audio.srcObject = source;
  await audio.play();
  assert.deepEqual((await heard())[0].tracks, [first.id]);
  source.addTrack(second);
  source.addTrack(new MediaStreamTrack());
  assert.deepEqual((await heard())[0].tracks, [first.id, second.id]);
  first.enabled = false;
  assert.deepEqual((await heard())[0].tracks, [second.id]);
  first.enabled = true;
  second.stop();
  assert.deepEqual((await heard())[0].tracks, [first.id]);
  source.removeTrack(first);
  assert.deepEqual(await heard(), ['close']);
});

test('each element has a player of its own', async () => {
  const track = standIn();
  const [one, other] = [element(), element()];
  one.srcObject = stream(track);
  other.srcObject = stream(track);
  await one.play();
  await other.play();
  const states = await heard();
  assert.equal(new Set(states.map(({ player }) => player)).size, 2);
});

test('what the platform carries is left alone', async () => {
  const audio = element();
  audio.srcObject = stream(new MediaStreamTrack());
  autoplay.allowed = false;
  await assert.rejects(audio.play(), { name: 'NotAllowedError' });
  assert.equal(audio.paused, true);
  assert.deepEqual(await heard(), []);
  assert.throws(() => { audio.volume = 2; }, { name: 'IndexSizeError' });
});

test('play succeeds though the platform refuses a silent stream', async () => {
  autoplay.allowed = false;
  const audio = element();
  const log = record(audio);
  audio.srcObject = stream(standIn());
  const promise = audio.play();
  assert.equal(audio.paused, false);
  await tasks();
  assert.deepEqual(log, ['play', 'waiting']);
  audio.loaded();
  await promise;
  assert.deepEqual(log, ['play', 'waiting', 'playing']);
  assert.equal((await heard())[0].playing, true);
  await audio.play();
  assert.ok(audio.currentTime > 0);
  audio.pause();
  assert.equal(audio.paused, true);
  await tasks();
  assert.deepEqual(log.slice(3), ['pause']);
  assert.equal((await heard())[0].playing, false);
});

test('pause and a new source refuse a promise of play that still waits', async () => {
  autoplay.allowed = false;
  const audio = element();
  audio.srcObject = stream(standIn());
  const paused = assert.rejects(audio.play(), { name: 'AbortError' });
  audio.pause();
  await paused;
  const replaced = assert.rejects(audio.play(), { name: 'AbortError' });
  audio.srcObject = stream(standIn());
  assert.equal(audio.paused, true);
  await replaced;
  audio.srcObject = null;
});

test('the autoplay attribute plays what the platform refuses, unless the page paused', async () => {
  autoplay.allowed = false;
  const [audio, paused] = [element(), element()];
  for (const each of [audio, paused]) {
    each.autoplay = true;
    each.srcObject = stream(standIn());
  }
  paused.pause();
  audio.loaded();
  paused.loaded();
  assert.deepEqual([audio.paused, paused.paused], [false, true]);
  audio.srcObject = null;
  paused.srcObject = null;
  await heard();
});

test('an output device of the endpoint', async () => {
  const audio = element();
  audio.srcObject = stream(standIn());
  await audio.play();
  assert.equal((await heard())[0].sinkId, '');
  await audio.setSinkId('speaker');
  assert.equal(audio.sinkId, 'speaker');
  assert.equal((await heard())[0].sinkId, 'speaker');
  await assert.rejects(audio.setSinkId('unknown'), { name: 'NotFoundError' });
  assert.equal(audio.sinkId, 'speaker');
  await audio.setSinkId('');
  assert.equal((await heard())[0].sinkId, '');
  await assert.rejects(audio.setSinkId(), TypeError);
});

test('a lost link ends what plays and sends nothing', async () => {
  const audio = element();
  audio.srcObject = stream(standIn());
  await audio.play();
  await heard();
  bridge.notify('link.changed', { state: 'lost' });
  assert.deepEqual(await heard(), []);
  audio.srcObject = stream(standIn());
  await audio.play();
  assert.equal((await heard()).length, 1);
});

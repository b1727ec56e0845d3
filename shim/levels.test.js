import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { followLevels, observeLevel } from './levels.js';
import { Method } from './protocol.gen.js';
import { fillVoiceNoise } from './voice-noise.js';

const bridge = new FakeBridge();
open(bridge.window);
followLevels();
after(() => bridge.close());
beforeEach(() => { bridge.requests.length = 0; });

/** The sets announced. */
async function announced() {
  await bridge.settle();
  return bridge.of(Method.LevelsObserve).map(({ params }) => params.tracks);
}

test('the endpoint knows the union of what is observed', async () => {
  const offs = [observeLevel('a', () => {}), observeLevel('a', () => {}), observeLevel('b', () => {})];
  assert.deepEqual(await announced(), [['a', 'b']]);
  offs[0]();
  offs[0]();
  assert.equal((await announced()).length, 1);
  offs[1]();
  offs[2]();
  assert.deepEqual((await announced())[1], []);
});

test('a track that is not named is silent', async () => {
  /** @type {number[]} */
  const levels = [];
  const off = observeLevel('a', (level) => levels.push(level));
  await bridge.settle();
  bridge.notify(Method.Levels, { levels: [{ track: 'a', level: 0.5 }, { track: 'b', level: 0.1 }] });
  bridge.notify(Method.Levels, { levels: [{ track: 'b', level: 0.1 }] });
  await bridge.settle();
  off();
  assert.deepEqual(levels, [0.5, 0]);
});

test('after a lost link nothing is observed and nothing is said', async () => {
  const off = observeLevel('a', () => {});
  await bridge.settle();
  bridge.requests.length = 0;
  bridge.notify('link.changed', { state: 'lost' });
  await bridge.settle();
  off();
  assert.deepEqual(await announced(), []);
  observeLevel('a', () => {})();
  observeLevel('b', () => {});
  assert.deepEqual(await announced(), [['b']]);
});

test('the noise of meters has unit power and the weight of a voice', () => {
  const rate = 48000;
  const samples = new Float32Array(rate);
  fillVoiceNoise(samples, rate);
  const power = (/** @type {Float32Array} */ of) => of.reduce((sum, x) => sum + x * x, 0) / of.length;
  assert.ok(Math.abs(power(samples) - 1) < 1e-3);
  // A first difference weighs frequencies by their height: speech-like noise has little there.
  const edges = samples.map((x, at) => (at ? x - samples[at - 1] : 0));
  assert.ok(power(edges) < 0.02, `${power(edges)}`);
  assert.ok(Math.abs(samples.reduce((sum, x) => sum + x, 0) / rate) < 0.1);
});

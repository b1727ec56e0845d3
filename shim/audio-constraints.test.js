import './doubles.js';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { copyPlain, isScreenAudio, parseAudioConstraints } from './audio-constraints.js';

/** @param {any} value */
const audio = (value) => parseAudioConstraints(value).audio;

test('nothing in particular is asked for by true, nothing and an empty dictionary', () => {
  for (const value of [true, undefined, null, {}, 1]) assert.deepEqual(parseAudioConstraints(value), { audio: {}, given: {} });
});

test('a bare value is ideal', () => {
  assert.deepEqual(audio({ deviceId: 'a', groupId: ['g', 'h'], sampleRate: 16000, echoCancellation: false, latency: 0.02 }), {
    deviceId: { ideal: ['a'] }, groupId: { ideal: ['g', 'h'] }, sampleRate: { ideal: 16000 },
    echoCancellation: { ideal: false }, latency: { ideal: 0.02 },
  });
});

test('dictionaries keep what they say', () => {
  assert.deepEqual(audio({
    deviceId: { exact: 'a', ideal: ['b'] }, channelCount: { min: 1, max: '2' }, noiseSuppression: { exact: 0 },
    sampleSize: {}, latency: null,
  }), {
    deviceId: { exact: ['a'], ideal: ['b'] }, channelCount: { min: 1, max: 2 }, noiseSuppression: { exact: false },
  });
});

test('a bare value of an advanced set is required', () => {
  assert.deepEqual(audio({ advanced: [{ deviceId: 'a' }, { echoCancellation: { ideal: true } }, {}] }).advanced, [
    { deviceId: { exact: ['a'] } }, { echoCancellation: { ideal: true } }, {},
  ]);
});

test('what is unknown, or of video, is left out', () => {
  assert.deepEqual(parseAudioConstraints({ width: { exact: 5 }, volume: 1 }), { audio: {}, given: {} });
});

test('numbers are converted as Web IDL says', () => {
  assert.equal(audio({ sampleRate: -1 }).sampleRate.ideal, 0);
  assert.equal(audio({ sampleRate: NaN }).sampleRate.ideal, 0);
  assert.equal(audio({ sampleRate: Infinity }).sampleRate.ideal, 4294967295);
  assert.equal(audio({ sampleRate: 1.6 }).sampleRate.ideal, 2);
  assert.equal(audio({ sampleRate: 1.5 }).sampleRate.ideal, 2);
  assert.equal(audio({ sampleRate: 2.5 }).sampleRate.ideal, 2);
  for (const latency of [NaN, Infinity, 'x', { exact: NaN }]) assert.throws(() => audio({ latency }), TypeError);
  assert.throws(() => audio({ advanced: 5 }), TypeError);
  assert.throws(() => audio({ advanced: [5] }), TypeError);
});

test('a getter that throws is heard', () => {
  assert.throws(() => audio({ get deviceId() { throw new RangeError('mine'); } }), RangeError);
});

test('constraints from before the standard still count', () => {
  assert.deepEqual(audio({
    mandatory: { googEchoCancellation: 'false', sourceId: 'a' },
    optional: [{ googAutoGainControl: true }, { googEchoCancellation: true }, { googTypingNoiseDetection: true }],
  }), { echoCancellation: { exact: false }, deviceId: { exact: ['a'] }, autoGainControl: { ideal: true } });
  assert.throws(() => audio({ optional: [], deviceId: 'a' }), TypeError);
});

test('the sound of a tab is not a microphone', () => {
  assert.equal(isScreenAudio({ mandatory: { chromeMediaSource: 'tab' } }), true);
  for (const value of [true, undefined, null, {}, { mandatory: {} }]) assert.equal(isScreenAudio(value), false);
});

test('given is a copy that later changes do not reach', () => {
  const given = { deviceId: { exact: ['a'] } };
  const parsed = parseAudioConstraints(given);
  given.deviceId.exact[0] = 'b';
  assert.deepEqual(parsed.given, { deviceId: { exact: ['a'] } });
  assert.deepEqual(copyPlain([{ a: [1, null, undefined] }]), [{ a: [1, null, undefined] }]);
});

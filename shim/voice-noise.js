/**
 * The sound that meters see in place of a voice: noise of unit power with the
 * spectrum of speech, so that bars of a frequency display look right too.
 * @module
 */
import { SafeMap } from './natives.js';
import { Math, bufferSamples, contextRate, createBuffer } from './media-natives.js';

/** Buffers by sample rate; an AudioBuffer serves every context of its rate. */
const buffers = new SafeMap();

/**
 * One second of noise, to be looped.
 * @param {any} context BaseAudioContext
 * @returns {any} a mono AudioBuffer
 */
export function voiceNoise(context) {
  const rate = contextRate(context);
  let buffer = buffers.get(rate);
  if (!buffer) {
    buffers.set(rate, buffer = createBuffer(context, 1, rate, rate));
    fillVoiceNoise(bufferSamples(buffer, 0), rate);
  }
  return buffer;
}

/**
 * Fills samples with noise of RMS 1 that falls by 12 dB an octave above 500 Hz
 * and below 100 Hz, roughly the long-term average spectrum of speech (ITU-T
 * P.50).
 * @param {Float32Array} samples
 * @param {number} rate samples a second
 */
export function fillVoiceNoise(samples, rate) {
  const low = 1 - Math.exp(-2 * Math.PI * 500 / rate);
  const high = 1 - Math.exp(-2 * Math.PI * 100 / rate);
  let first = 0;
  let second = 0;
  let slow = 0;
  let slower = 0;
  let power = 0;
  for (let at = 0; at < samples.length; at++) {
    first += low * (2 * Math.random() - 1 - first);
    second += low * (first - second);
    slow += high * (second - slow);
    const once = second - slow;
    slower += high * (once - slower);
    samples[at] = once - slower;
    power += samples[at] * samples[at];
  }
  const scale = 1 / Math.sqrt(power / samples.length);
  for (let at = 0; at < samples.length; at++) samples[at] *= scale;
}

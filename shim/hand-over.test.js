import './peer-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { RTCDataChannel } from './data-channel.js';
import { allowHandOver } from './hand-over.js';
import { installMediaDevices } from './media-devices.js';
import { installStreams } from './media-stream.js';
import { installTracks } from './media-stream-track.js';
import { RTCPeerConnection } from './peer-connection.js';
import { RTCRtpReceiver } from './receiver.js';
import { RTCRtpSender } from './sender.js';
import { createStandIn } from './stand-in-track.js';
import { RTCStatsReport } from './stats-report.js';
import { RTCRtpTransceiver } from './transceiver.js';

const global = /** @type {any} */ (globalThis);
const Native = global.RTCPeerConnection;
const bridge = new FakeBridge();
open(bridge.window);
installTracks(global);
installStreams(global);
installMediaDevices(global);
allowHandOver();
after(() => bridge.close());

/** What the browser's own microphone gives. @type {any} */
let microphone;

const video = () => new global.MediaStreamTrack('video');
const audio = () => new global.MediaStreamTrack('audio');
const offer = (/** @type {string[]} */ ...lines) => ({ type: 'offer', sdp: ['v=0', ...lines, ''].join('\r\n') });

beforeEach(async () => {
  await bridge.settle();
  bridge.requests.length = 0;
  Native.all.length = 0;
  Native.refusal = null;
  microphone = audio();
  global.MediaDevices.result = new global.MediaStream([microphone]);
});

/** @param {string} method @returns how often the endpoint was asked for it */
const asked = async (method) => {
  await bridge.settle();
  return bridge.of(method).length;
};

test('sound alone stays redirected', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  pc.addTrack(createStandIn({}));
  pc.createOffer({ offerToReceiveVideo: false });
  pc.setRemoteDescription(offer('m=audio 9 x 0', 'm=video 9 x 96'));
  new RTCPeerConnection().setRemoteDescription(offer('m=audio 9 x 0', 'm=video 0 x 96'));
  assert.equal(Native.all.length, 0);
  assert.equal(await asked('pc.setRemoteDescription'), 2);
});

test('what the page has prepared goes over to the browser when it adds video', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection({ iceServers: [{ urls: 'stun:h' }] }));
  const voice = audio();
  const sender = pc.addTrack(voice, new global.MediaStream());
  const second = pc.addTransceiver('audio', { direction: 'recvonly' });
  const channel = pc.createDataChannel('chat', { ordered: false });
  const picture = video();
  const shown = pc.addTrack(picture);
  const [native] = Native.all;
  assert.deepEqual(native.configuration.iceServers, [{ urls: ['stun:h'] }]);
  assert.deepEqual(native.getSenders().map((/** @type {any} */ each) => each.track), [voice, null, picture]);
  assert.equal(native.getTransceivers()[1].direction, 'recvonly');
  assert.deepEqual(native.channels[0].init, { label: 'chat', ordered: false, negotiated: false, protocol: '' });
  assert.equal(await asked('pc.close'), 1);
  // The same objects go on, of the same interfaces.
  assert.equal(pc.signalingState, 'native');
  assert.deepEqual(pc.getSenders(), [sender, second.sender, shown]);
  assert.equal(pc.getTransceivers()[1], second);
  assert.ok(shown instanceof RTCRtpSender && pc.getTransceivers()[2] instanceof RTCRtpTransceiver);
  assert.ok(pc.getReceivers()[2] instanceof RTCRtpReceiver);
  assert.equal(pc.getReceivers()[2].track.kind, 'video');
  assert.equal(sender.dtmf.toneBuffer, 'native');
  second.direction = 'inactive';
  assert.equal(native.getTransceivers()[1].direction, 'inactive');
  channel.binaryType = 'blob';
  assert.equal(native.channels[0].binaryType, 'blob');
  assert.ok(await sender.getStats() instanceof RTCStatsReport);
  assert.equal((await pc.createOffer()).sdp, 'native');
  await sender.replaceTrack(null);
  assert.equal(native.getSenders()[0].track, null);
  pc.close();
  assert.equal(native.closed, true);
});

test('events of the browser’s connection are those of the page’s', () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const channel = pc.createDataChannel('x');
  const transceiver = pc.addTransceiver('video');
  const [native] = Native.all;
  const seen = /** @type {any[]} */ ([]);
  pc.ontrack = (/** @type {any} */ event) => seen.push(event);
  pc.addEventListener('icecandidate', (/** @type {any} */ event) => seen.push(event));
  pc.onsignalingstatechange = (/** @type {any} */ event) => seen.push(event);
  channel.onmessage = (/** @type {any} */ event) => seen.push(event);
  const [its] = native.getTransceivers();
  native.dispatchEvent(new global.RTCTrackEvent('track', {
    receiver: its.receiver, streams: [], track: its.receiver.track, transceiver: its,
  }));
  const candidate = new global.RTCIceCandidate({ candidate: 'c', sdpMid: '0' });
  native.dispatchEvent(new global.RTCPeerConnectionIceEvent('icecandidate', { candidate }));
  native.dispatchEvent(new Event('signalingstatechange'));
  native.channels[0].dispatchEvent(new MessageEvent('message', { data: 'hello' }));
  const [track, ice, state, message] = seen;
  assert.equal(track.transceiver, transceiver);
  assert.equal(track.receiver, transceiver.receiver);
  assert.equal(track.target, pc);
  assert.equal(ice.candidate, candidate);
  assert.equal(state.type, 'signalingstatechange');
  assert.equal(message.data, 'hello');
  assert.equal(message.target, channel);
  const theirs = new global.RTCDataChannel('theirs', {});
  pc.ondatachannel = (/** @type {any} */ event) => seen.push(event.channel);
  native.dispatchEvent(Object.assign(new Event('datachannel'), { channel: theirs }));
  assert.ok(seen[4] instanceof RTCDataChannel);
  assert.equal(seen[4].label, 'theirs');
});

test('each way to ask for video', async () => {
  const ways = /** @type {((pc: any) => any)[]} */ ([
    (pc) => pc.addTrack(video()),
    (pc) => pc.addTransceiver('video'),
    (pc) => pc.addTransceiver(video()),
    (pc) => pc.addStream(new global.MediaStream([audio(), video()])),
    (pc) => pc.createOffer({ offerToReceiveVideo: true }),
    (pc) => pc.createOffer(() => {}, () => {}, { mandatory: { OfferToReceiveVideo: true } }),
    (pc) => pc.setRemoteDescription(offer('m=video 9 UDP/TLS/RTP/SAVPF 96')),
  ]);
  for (const ask of ways) {
    const pc = new RTCPeerConnection();
    await ask(pc);
    assert.equal(/** @type {any} */ (pc).signalingState, 'native', String(ask));
  }
});

test('a document that has asked for video answers video with video', () => {
  navigator.mediaDevices.getUserMedia({ video: true });
  const pc = /** @type {any} */ (new RTCPeerConnection());
  pc.setRemoteDescription(offer('m=audio 9 x 0', 'm=video 9 x 96'));
  assert.equal(pc.signalingState, 'native');
});

test('sound that the browser captured beside video is the browser’s to send', async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [clone] = stream.clone().getAudioTracks();
  for (const track of [microphone, microphone.clone(), clone]) {
    const pc = /** @type {any} */ (new RTCPeerConnection());
    pc.addTrack(track);
    assert.equal(pc.signalingState, 'native');
  }
  const other = new RTCPeerConnection();
  other.addTrack(audio());
  assert.equal(other.signalingState, 'stable');
});

test('what is no call is refused as ever', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const bad = { get type() { throw new RangeError('page'); } };
  await assert.rejects(pc.setRemoteDescription(bad), RangeError);
  assert.throws(() => pc.addTrack(), TypeError);
  assert.throws(() => pc.addTransceiver(Symbol('x')), TypeError);
  await assert.rejects(pc.createOffer(5), TypeError);
});

test('a connection that negotiates, or that the browser refuses, stays redirected', () => {
  const pc = new RTCPeerConnection();
  pc.setLocalDescription();
  assert.throws(() => pc.addTrack(video()), { name: 'NotSupportedError' });
  const asking = new RTCPeerConnection();
  asking.createOffer();
  assert.throws(() => asking.addTrack(video()), { name: 'NotSupportedError' });
  Native.refusal = new Error('too many');
  assert.throws(() => new RTCPeerConnection().addTransceiver('video'), { name: 'NotSupportedError' });
  const closed = new RTCPeerConnection();
  closed.close();
  assert.throws(() => closed.addTransceiver('video'), { name: 'InvalidStateError' });
  assert.equal(Native.all.length, 0);
});

test('the browser’s microphone speaks for the endpoint’s', async () => {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const voice = /** @type {any} */ (createStandIn({ local: true, settings: { echoCancellation: false } }));
  const sender = pc.addTrack(voice);
  pc.addTrack(video());
  const [native] = Native.all;
  await bridge.settle();
  assert.deepEqual(global.MediaDevices.asked.at(-1).audio,
    { echoCancellation: false, noiseSuppression: true, autoGainControl: true });
  assert.equal(native.getSenders()[0].track, microphone);
  assert.equal(sender.track, voice);
  voice.enabled = false;
  await bridge.settle();
  assert.equal(microphone.enabled, false);
  await sender.replaceTrack(null);
  await sender.replaceTrack(voice);
  assert.equal(native.getSenders()[0].track, microphone);
  voice.stop();
  await bridge.settle();
  assert.equal(microphone.readyState, 'ended');
});

import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { followConnections } from './notifications.js';
import { RTCPeerConnection } from './peer-connection.js';
import { createStandIn } from './stand-in-track.js';

const bridge = new FakeBridge();
followConnections();
open(bridge.window);
after(() => bridge.close());

beforeEach(async () => {
  await bridge.settle();
  bridge.requests.length = 0;
  bridge.answer = undefined;
});

/** A connection whose creation the bridge has seen. */
async function connect() {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  await bridge.settle();
  return { pc, id: bridge.of('pc.create').at(-1)?.params.pc };
}

test('legacy callbacks are called and the promise resolves with undefined', async () => {
  const { pc } = await connect();
  bridge.answer = ({ method }) => {
    if (method === 'pc.createAnswer') throw { name: 'InvalidStateError', message: 'no' };
    return { description: { type: 'offer', sdp: 'x' } };
  };
  const offer = await new Promise((resolve, reject) => {
    pc.createOffer(resolve, reject).then((/** @type {any} */ value) => assert.equal(value, undefined));
  });
  assert.deepEqual(offer, { sdp: 'x', type: 'offer' });
  await new Promise((resolve, reject) => { pc.setLocalDescription(offer, resolve, reject); });
  const error = await new Promise((resolve) => { pc.createAnswer(() => undefined, resolve); });
  assert.equal(error.name, 'InvalidStateError');
  await assert.rejects(pc.createOffer(() => undefined), TypeError);
  pc.close();
});

test('offerToReceiveAudio adds one transceiver to receive', async () => {
  const { pc } = await connect();
  pc.createOffer({ offerToReceiveAudio: true });
  pc.createOffer({ offerToReceiveAudio: 1, offerToReceiveVideo: true });
  assert.deepEqual(pc.getTransceivers().map((/** @type {any} */ { direction }) => direction), ['recvonly']);
  pc.createOffer({ offerToReceiveAudio: false });
  assert.deepEqual(pc.getTransceivers().map((/** @type {any} */ { direction }) => direction), ['inactive']);
  pc.close();
});

test('addTrack takes a free transceiver and removeTrack leaves its sender', async () => {
  const { pc } = await connect();
  const [first, second] = [createStandIn({}), createStandIn({})];
  const { sender, direction } = pc.addTransceiver('audio', { direction: 'recvonly' });
  assert.equal(direction, 'recvonly');
  assert.equal(pc.addTrack(first), sender);
  assert.equal(pc.getTransceivers()[0].direction, 'sendrecv');
  assert.throws(() => pc.addTrack(first), { name: 'InvalidAccessError' });
  assert.notEqual(pc.addTrack(second), sender);
  pc.removeTrack(sender);
  assert.equal(sender.track, null);
  assert.equal(pc.getSenders().length, 2);
  await bridge.settle();
  assert.deepEqual(bridge.requests.slice(1).map(({ method }) => method), [
    'pc.addTransceiver', 'pc.addTrack', 'pc.addTransceiver', 'pc.removeTrack',
  ]);
  assert.throws(() => new RTCPeerConnection().removeTrack(sender), { name: 'InvalidAccessError' });
  pc.close();
});

test('video is refused without harm', async () => {
  const { pc } = await connect();
  assert.throws(() => pc.addTransceiver('video'), { name: 'NotSupportedError' });
  assert.throws(() => pc.addTransceiver('other'), TypeError);
  assert.equal(pc.getTransceivers().length, 0);
  pc.close();
});

test('a configuration is checked as Chromium checks it', () => {
  const fails = (/** @type {any} */ configuration, /** @type {string} */ name) => assert.throws(() => new RTCPeerConnection(configuration), { name });
  fails(5, 'TypeError');
  fails({ bundlePolicy: 'x' }, 'TypeError');
  fails({ iceServers: [{}] }, 'TypeError');
  fails({ iceServers: [{ urls: 'http:x' }] }, 'SyntaxError');
  fails({ iceServers: [{ urls: 'stun:x:99999' }] }, 'SyntaxError');
  fails({ iceServers: [{ urls: 'stun:x?transport=udp' }] }, 'SyntaxError');
  fails({ iceServers: [{ urls: 'turn:x' }] }, 'InvalidAccessError');
  fails({ iceServers: [{ urls: [] }] }, 'SyntaxError');
  fails({ iceCandidatePoolSize: 256 }, 'TypeError');
  const iceServers = [{ urls: 'turn:[::1]:3478?transport=tcp', username: 'u', credential: 'c' }, { urls: 'stuns:h' }];
  const pc = new RTCPeerConnection({ iceServers });
  assert.deepEqual(pc.getConfiguration().iceServers[0], {
    credential: 'c', urls: ['turn:[::1]:3478?transport=tcp'], username: 'u',
  });
  assert.throws(() => pc.setConfiguration({ bundlePolicy: 'max-bundle' }), { name: 'InvalidModificationError' });
  pc.setConfiguration({ iceTransportPolicy: 'relay' });
  assert.equal(pc.getConfiguration().iceTransportPolicy, 'relay');
  pc.close();
});

test('an ICE candidate needs a media line, the end of candidates does not', async () => {
  const { pc, id } = await connect();
  await assert.rejects(pc.addIceCandidate({ candidate: 'x' }), TypeError);
  pc.addIceCandidate();
  pc.addIceCandidate({ candidate: 'c', sdpMid: '0' });
  await bridge.settle();
  assert.deepEqual(bridge.of('pc.addIceCandidate').map(({ params }) => params.candidate),
    [undefined, { candidate: 'c', sdpMid: '0' }]);
  const seen = /** @type {any[]} */ ([]);
  pc.onicecandidate = (/** @type {any} */ { candidate }) => seen.push(candidate && candidate.candidate);
  bridge.notify('pc.iceCandidate', { pc: id, snapshot: { seq: 1 }, candidate: { candidate: 'c1', sdpMid: '0' } });
  bridge.notify('pc.iceCandidate', { pc: id, snapshot: { seq: 2 } });
  await bridge.settle();
  assert.deepEqual(seen, ['c1', null]);
  pc.close();
});

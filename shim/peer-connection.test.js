import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { followConnections } from './notifications.js';
import { RTCPeerConnection } from './peer-connection.js';
import { createStandIn, standInOf } from './stand-in-track.js';

const bridge = new FakeBridge();
followConnections();
open(bridge.window);
after(() => bridge.close());

const states = {
  signaling: 'stable', iceGathering: 'new', iceConnection: 'new', connection: 'new', negotiationNeeded: false,
};
let seq = 0;
/** @param {any} sections */
const snapshot = (sections = {}) => ({ seq: ++seq, ...sections });
/** @param {any} entry */
const transceiverEntry = (entry) => ({
  kind: 'audio', direction: 'sendrecv', stopped: false, stopping: false,
  sender: { canInsertDTMF: false, parameters: { encodings: [{ active: true }], codecs: [], headerExtensions: [] } }, ...entry,
  receiver: { track: 'far-track', streams: [], muted: true, parameters: { codecs: [], headerExtensions: [] }, ...entry.receiver },
});
/** @param {EventTarget} target @param {string[]} types @param {string[]} log */
const watch = (target, types, log) => {
  for (const type of types) target.addEventListener(type, () => log.push(type));
};
const allEvents = [
  'signalingstatechange', 'track', 'addstream', 'removestream', 'iceconnectionstatechange', 'connectionstatechange',
  'icegatheringstatechange', 'negotiationneeded', 'icecandidate', 'datachannel',
];

beforeEach(async () => {
  await bridge.settle();
  bridge.requests.length = 0;
  bridge.answer = undefined;
});

/** A connection whose creation the bridge has seen. */
async function connect() {
  seq = 0;
  const pc = /** @type {any} */ (new RTCPeerConnection());
  await bridge.settle();
  return { pc, id: bridge.of('pc.create').at(-1)?.params.pc };
}

test('requests are pipelined in the order of the calls', async () => {
  const { pc } = await connect();
  const track = createStandIn({});
  pc.addTrack(track);
  pc.createOffer();
  pc.setLocalDescription();
  pc.createDataChannel('x');
  await bridge.settle();
  assert.deepEqual(bridge.requests.map(({ method }) => method), [
    'pc.create', 'pc.addTransceiver', 'pc.createOffer', 'pc.setLocalDescription', 'dataChannel.create',
  ]);
  const [{ params }] = bridge.of('pc.addTransceiver');
  assert.equal(params.track, track.id);
  assert.equal(params.fromAddTrack, true);
  pc.close();
});

test('setRemoteDescription fires in the order of the specification, then resolves', async () => {
  const { pc } = await connect();
  const log = /** @type {any[]} */ ([]);
  watch(pc, allEvents, log);
  pc.addEventListener('track', (/** @type {any} */ { track, streams, receiver, transceiver }) => {
    assert.equal(streams[0].getTracks()[0], track);
    assert.ok(Object.isFrozen(streams));
    assert.equal(receiver.track, track);
    assert.equal(transceiver.receiver, receiver);
    assert.equal(pc.signalingState, 'have-remote-offer');
    assert.equal(pc.getTransceivers()[0], transceiver);
    track.addEventListener('unmute', () => log.push('unmute'));
  });
  const done = pc.setRemoteDescription({ type: 'offer', sdp: 'v=0' }).then(() => log.push('resolved'));
  await bridge.settle();
  bridge.reply(bridge.of('pc.setRemoteDescription')[0], {
    snapshot: snapshot({
      states: { ...states, signaling: 'have-remote-offer', iceConnection: 'checking', connection: 'connecting' },
      descriptions: { pendingRemote: { type: 'offer', sdp: 'v=0' } },
      transceivers: {
        list: [transceiverEntry({ id: 'e:1', mid: '0', direction: 'recvonly', firedDirection: 'sendrecv',
          receiver: { streams: ['s1'], muted: false } })],
      },
    }),
  });
  await done;
  assert.deepEqual(log, [
    'signalingstatechange', 'addstream', 'track', 'unmute', 'iceconnectionstatechange', 'connectionstatechange', 'resolved',
  ]);
  assert.equal(pc.remoteDescription.sdp, 'v=0');
  assert.equal(pc.remoteDescription, pc.pendingRemoteDescription);
  pc.close();
});

test('a removed track is muted, taken out of its stream, and its stream announced as removed', async () => {
  const { pc, id } = await connect();
  const log = /** @type {any[]} */ ([]);
  /** @type {any} */
  let remote;
  pc.ontrack = (/** @type {any} */ { track, streams }) => {
    remote = track;
    watch(track, ['mute', 'unmute'], log);
    watch(streams[0], ['addtrack', 'removetrack'], log);
  };
  const entry = { id: 'e:1', mid: '0', firedDirection: 'sendrecv', receiver: { streams: ['s1'], muted: false } };
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ transceivers: { list: [transceiverEntry(entry)] } }) });
  await bridge.settle();
  watch(pc, allEvents, log);
  bridge.notify('pc.changed', { pc: id,
    snapshot: snapshot({ transceivers: { list: [transceiverEntry({ ...entry, firedDirection: 'inactive',
      receiver: { streams: [], muted: false } })] } }) });
  await bridge.settle();
  assert.deepEqual(log, ['unmute', 'mute', 'removetrack', 'removestream']);
  assert.equal(standInOf(remote)?.muted, true);
  assert.deepEqual(pc.getRemoteStreams(), []);
  pc.close();
});

test('a page sees "connected" before "completed"', async () => {
  const { pc, id } = await connect();
  const log = /** @type {any[]} */ ([]);
  pc.oniceconnectionstatechange = () => log.push(pc.iceConnectionState);
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ states: { ...states, iceConnection: 'checking' } }) });
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ states: { ...states, iceConnection: 'completed' } }) });
  await bridge.settle();
  assert.deepEqual(log, ['checking', 'connected', 'completed']);
  pc.close();
});

test('a snapshot that was applied before is ignored', async () => {
  const { pc, id } = await connect();
  const log = /** @type {any[]} */ ([]);
  watch(pc, allEvents, log);
  bridge.notify('pc.changed', { pc: id, snapshot: { seq: 2, states: { ...states, connection: 'connected' } } });
  bridge.notify('pc.changed', { pc: id, snapshot: { seq: 1, states: { ...states, connection: 'new' } } });
  await bridge.settle();
  assert.deepEqual(log, ['connectionstatechange']);
  assert.equal(pc.connectionState, 'connected');
  pc.close();
});

test('what the page did last stays until the endpoint has heard of it', async () => {
  const { pc, id } = await connect();
  const transceiver = pc.addTransceiver('audio');
  transceiver.direction = 'inactive';
  await bridge.settle();
  const [{ params: { transceiver: tid } }] = bridge.of('pc.addTransceiver');
  const list = (/** @type {string} */ direction) => snapshot({ transceivers: { list: [transceiverEntry({ id: tid, direction })] } });
  bridge.reply(bridge.of('pc.addTransceiver')[0], { snapshot: list('sendrecv') });
  await bridge.settle();
  assert.equal(transceiver.direction, 'inactive');
  bridge.reply(bridge.of('transceiver.setDirection')[0], { snapshot: list('inactive') });
  bridge.notify('pc.changed', { pc: id, snapshot: list('recvonly') });
  await bridge.settle();
  assert.equal(transceiver.direction, 'recvonly');
  pc.close();
});

test('transceivers that the endpoint has not processed stay behind those it has', async () => {
  const { pc, id } = await connect();
  const own = pc.addTransceiver('audio');
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ transceivers: { list: [transceiverEntry({ id: 'e:1' })] } }) });
  await bridge.settle();
  assert.equal(pc.getTransceivers().length, 2);
  assert.equal(pc.getTransceivers()[1], own);
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ transceivers: { list: [], removed: ['e:1'] } }) });
  await bridge.settle();
  assert.deepEqual(pc.getTransceivers(), [own]);
  pc.close();
});

test('negotiationneeded waits for the chain and fires once for one need', async () => {
  const { pc, id } = await connect();
  const log = /** @type {any[]} */ ([]);
  watch(pc, ['negotiationneeded'], log);
  pc.addTransceiver('audio');
  pc.createOffer();
  await bridge.settle();
  const needed = { ...states, negotiationNeeded: true };
  bridge.reply(bridge.of('pc.addTransceiver')[0], { snapshot: snapshot({ states: needed }) });
  await bridge.settle();
  assert.deepEqual(log, []);
  bridge.reply(bridge.of('pc.createOffer')[0], { snapshot: snapshot(), description: { type: 'offer', sdp: '' } });
  await bridge.settle();
  assert.deepEqual(log, ['negotiationneeded']);
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ states: needed }) });
  await bridge.settle();
  assert.deepEqual(log, ['negotiationneeded']);
  for (const signaling of ['have-local-offer', 'stable']) {
    bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ states: { ...needed, signaling } }) });
  }
  await bridge.settle();
  assert.deepEqual(log, ['negotiationneeded', 'negotiationneeded']);
  pc.close();
});

test('nothing fires on a closed connection, nothing pending settles, later calls are refused', async () => {
  const { pc, id } = await connect();
  const log = /** @type {any[]} */ ([]);
  const channel = pc.createDataChannel('x');
  const { receiver } = pc.addTransceiver('audio');
  watch(pc, allEvents, log);
  watch(channel, ['close', 'closing', 'error'], log);
  watch(receiver.track, ['ended'], log);
  pc.createOffer().then(() => log.push('resolved'), () => log.push('rejected'));
  await bridge.settle();
  pc.close();
  assert.deepEqual([pc.signalingState, pc.iceConnectionState, pc.connectionState], ['closed', 'closed', 'closed']);
  bridge.reply(bridge.of('pc.createOffer')[0], { snapshot: snapshot({ states }), description: { type: 'offer', sdp: '' } });
  bridge.notify('pc.changed', { pc: id, snapshot: snapshot({ states: { ...states, connection: 'failed' } }) });
  await bridge.settle();
  assert.deepEqual(log, ['ended', 'closing', 'close']);
  assert.equal(bridge.of('pc.close').length, 1);
  pc.close();
  await assert.rejects(pc.createOffer(), { name: 'InvalidStateError' });
  await assert.rejects(pc.addIceCandidate(), { name: 'InvalidStateError' });
  assert.throws(() => pc.addTransceiver('audio'), { name: 'InvalidStateError' });
  assert.throws(() => pc.createDataChannel('y'), { name: 'InvalidStateError' });
  assert.equal((await pc.getStats()).size, 1);
});

test('a handler that closes the connection ends the events of its snapshot', async () => {
  const { pc, id } = await connect();
  const log = /** @type {any[]} */ ([]);
  watch(pc, allEvents, log);
  pc.onsignalingstatechange = () => pc.close();
  bridge.notify('pc.changed', { pc: id,
    snapshot: snapshot({ states: { ...states, signaling: 'have-local-offer', connection: 'failed' } }) });
  await bridge.settle();
  assert.deepEqual(log, ['signalingstatechange']);
});

test('a lost link fails the connection, ends its tracks and rejects what is pending', async () => {
  const { pc } = await connect();
  const log = /** @type {any[]} */ ([]);
  watch(pc, allEvents, log);
  const { receiver, sender } = pc.addTransceiver('audio');
  watch(receiver.track, ['ended'], log);
  pc.createOffer().catch((/** @type {Error} */ { name, message }) => log.push(name, message));
  bridge.notify('link.changed', { state: 'lost', reason: 'The endpoint is gone.' });
  await bridge.settle();
  assert.deepEqual(log, [
    'iceconnectionstatechange', 'connectionstatechange', 'ended', 'OperationError', 'The endpoint is gone.',
  ]);
  assert.deepEqual([pc.iceConnectionState, pc.connectionState], ['failed', 'failed']);
  await assert.rejects(sender.replaceTrack(null), { name: 'OperationError' });
  bridge.requests.length = 0;
  pc.close();
  await bridge.settle();
  assert.deepEqual(bridge.requests, []);
  bridge.answer = () => ({ description: { type: 'offer', sdp: 'x' } });
  assert.equal((await new RTCPeerConnection().createOffer()).sdp, 'x');
});

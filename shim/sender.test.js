import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { followConnections } from './notifications.js';
import { RTCPeerConnection } from './peer-connection.js';
import { RTCRtpSender } from './sender.js';
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

/** A connection with one negotiated transceiver. */
async function sending() {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const transceiver = pc.addTransceiver('audio');
  await bridge.settle();
  const { params } = /** @type {any} */ (bridge.of('pc.addTransceiver').at(-1));
  const parameters = {
    encodings: [{ active: true }], cname: 'c', reducedSize: true,
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypted: false }],
    codecs: [{ payloadType: 8, mimeType: 'audio/PCMA', clockRate: 8000 }],
  };
  const entry = {
    id: params.transceiver, kind: 'audio', mid: '0', direction: 'sendrecv', currentDirection: 'sendrecv',
    sender: { canInsertDTMF: true, parameters }, receiver: { track: 't', streams: [], muted: true, parameters },
  };
  bridge.notify('pc.changed', { pc: params.pc, snapshot: { seq: 1, transceivers: { list: [entry] } } });
  await bridge.settle();
  return { pc, transceiver, sender: transceiver.sender, id: params.pc, tid: params.transceiver };
}

test('parameters are those of the snapshot and change only by setParameters', async () => {
  const { pc, sender } = await sending();
  const parameters = sender.getParameters();
  assert.deepEqual(parameters.codecs, [{ channels: 1, clockRate: 8000, mimeType: 'audio/PCMA', payloadType: 8 }]);
  assert.deepEqual(parameters.rtcp, { cname: 'c', reducedSize: true });
  assert.equal(sender.getParameters().transactionId, parameters.transactionId);
  bridge.answer = () => ({});
  parameters.encodings[0].maxBitrate = 32000;
  assert.equal(sender.getParameters().encodings[0].maxBitrate, undefined);
  await sender.setParameters(parameters);
  assert.equal(bridge.of('sender.setParameters')[0].params.encodings[0].maxBitrate, 32000);
  assert.equal(sender.getParameters().encodings[0].maxBitrate, 32000);
  await assert.rejects(sender.setParameters(parameters), { name: 'InvalidModificationError' });
  await assert.rejects(sender.setParameters({ ...sender.getParameters(), codecs: [] }), { name: 'InvalidModificationError' });
  await assert.rejects(sender.setParameters({}), TypeError);
  pc.close();
});

test('replaceTrack takes effect with its reply', async () => {
  const { pc, sender } = await sending();
  const track = createStandIn({});
  const done = sender.replaceTrack(track);
  assert.equal(sender.track, null);
  await bridge.settle();
  const [request] = bridge.of('sender.replaceTrack');
  assert.equal(request.params.track, track.id);
  bridge.reply(request);
  await done;
  assert.equal(sender.track, track);
  await assert.rejects(sender.replaceTrack({}), TypeError);
  await assert.rejects(sender.replaceTrack(createStandIn({ kind: 'video' })), TypeError);
  pc.close();
});

test('DTMF: the buffer follows the tones, and what is newer wins', async () => {
  const { pc, sender: { dtmf }, id, tid } = await sending();
  const tones = /** @type {any[]} */ ([]);
  dtmf.ontonechange = (/** @type {any} */ { tone }) => tones.push([tone, dtmf.toneBuffer]);
  assert.equal(dtmf.canInsertDTMF, true);
  dtmf.insertDTMF('12a', 10, 10);
  assert.equal(dtmf.toneBuffer, '12A');
  await bridge.settle();
  const [first] = bridge.of('sender.insertDTMF');
  assert.deepEqual(first.params, { pc: id, transceiver: tid, tones: '12A', duration: 40, gap: 30 });
  bridge.reply(first);
  const tone = (/** @type {string} */ played, /** @type {string} */ remaining) => bridge.notify('dtmf.toneChange', { pc: id, transceiver: tid, tone: played, remaining });
  tone('1', '2A');
  await bridge.settle();
  dtmf.insertDTMF('9');
  tone('2', 'A');
  await bridge.settle();
  assert.equal(dtmf.toneBuffer, '9');
  bridge.reply(bridge.of('sender.insertDTMF')[1]);
  tone('9', '');
  tone('', '');
  await bridge.settle();
  assert.deepEqual(tones, [['1', '2A'], ['2', '9'], ['9', ''], ['', '']]);
  assert.throws(() => dtmf.insertDTMF('x'), { name: 'InvalidCharacterError' });
  pc.close();
  assert.throws(() => dtmf.insertDTMF('1'), { name: 'InvalidStateError' });
});

test('codec preferences must be among the capabilities', async () => {
  const { pc, transceiver } = await sending();
  const { codecs } = RTCRtpSender.getCapabilities('audio');
  transceiver.setCodecPreferences([codecs[2], codecs[2], codecs[0]]);
  assert.throws(() => transceiver.setCodecPreferences([{ mimeType: 'audio/none', clockRate: 1 }]),
    { name: 'InvalidModificationError' });
  await bridge.settle();
  assert.deepEqual(bridge.of('transceiver.setCodecPreferences')[0].params.codecs.map((/** @type {any} */ { mimeType }) => mimeType),
    ['audio/PCMU', 'audio/opus']);
  assert.equal(RTCRtpSender.getCapabilities('other'), null);
  pc.close();
});

test('stop ends the transceiver and its track at once', async () => {
  const { pc, transceiver } = await sending();
  transceiver.stop();
  transceiver.stop();
  assert.deepEqual([transceiver.direction, transceiver.stopped], ['stopped', true]);
  assert.throws(() => { transceiver.direction = 'sendrecv'; }, { name: 'InvalidStateError' });
  await assert.rejects(transceiver.sender.replaceTrack(null), { name: 'InvalidStateError' });
  await bridge.settle();
  assert.equal(bridge.of('transceiver.stop').length, 1);
  pc.close();
});

test('statistics are a read-only map with the type in each', async () => {
  const { pc, transceiver, tid } = await sending();
  bridge.answer = () => ({
    snapshot: { seq: 2 }, inboundRtp: [{ id: 'i', timestamp: 1, mid: '0', trackIdentifier: 'far', kind: 'audio' }],
    transports: [{ id: 'T', timestamp: 1, dtlsState: 'connected' }],
  });
  const report = await transceiver.receiver.getStats();
  assert.equal(bridge.of('pc.getStats')[0].params.receiverOf, tid);
  assert.deepEqual([...report.keys()], ['i', 'T']);
  assert.equal(report.get('i').type, 'inbound-rtp');
  assert.equal(report.get('i').trackIdentifier, transceiver.receiver.track.id);
  assert.equal(report.set, undefined);
  assert.equal([...report].length, report.size);
  await assert.rejects(pc.getStats(createStandIn({})), { name: 'InvalidAccessError' });
  await assert.rejects(pc.getStats(5), TypeError);
  pc.close();
});

test('sources come from what the endpoint reports', async () => {
  const { pc, transceiver: { receiver }, id, tid } = await sending();
  bridge.notify('receiver.sources', { pc: id, transceiver: tid, sources: [
    { source: 1, timestamp: 2, rtpTimestamp: 3, audioLevel: 0.5 }, { source: 4, contributing: true, timestamp: 5, rtpTimestamp: 6 },
  ] });
  await bridge.settle();
  assert.deepEqual(receiver.getSynchronizationSources(), [{ audioLevel: 0.5, rtpTimestamp: 3, source: 1, timestamp: 2 }]);
  assert.deepEqual(receiver.getContributingSources(), [{ rtpTimestamp: 6, source: 4, timestamp: 5 }]);
  pc.close();
});

import { FakeBridge } from './doubles.js';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { fromBase64, toBase64 } from './base64.js';
import { followConnections } from './notifications.js';
import { RTCPeerConnection } from './peer-connection.js';

const bridge = new FakeBridge();
followConnections();
open(bridge.window);
after(() => bridge.close());

/** A channel that is open. @param {any} [init] */
async function openChannel(init) {
  const pc = /** @type {any} */ (new RTCPeerConnection());
  const dc = pc.createDataChannel('label', init);
  await bridge.settle();
  const { params: { pc: id, channel } } = /** @type {any} */ (bridge.of('dataChannel.create').at(-1));
  const change = (/** @type {string} */ state, more = {}) => bridge.notify('dataChannel.changed', { pc: id, channel, state, ...more });
  change('open', { id: 5 });
  await bridge.settle();
  bridge.requests.length = 0;
  return { pc, dc, id, channel, change };
}

test('base64 is that of the platform, of any length', () => {
  for (const length of [0, 1, 2, 3, 20000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => at % 251);
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }
});

test('opens with its stream and sends text, buffers and views in order', async () => {
  const { pc, dc } = await openChannel();
  assert.deepEqual([dc.readyState, dc.id, dc.label, dc.ordered, dc.binaryType], ['open', 5, 'label', true, 'arraybuffer']);
  dc.send('é');
  const bytes = new Uint8Array([1, 2, 3, 4]);
  dc.send(bytes.buffer);
  dc.send(bytes.subarray(1, 3));
  bytes.fill(9);
  dc.send(42);
  assert.equal(dc.bufferedAmount, 2 + 4 + 2 + 2);
  await bridge.settle();
  assert.deepEqual(bridge.requests.map(({ params: { text, binary } }) => text ?? binary), ['é', 'AQIDBA==', 'AgM=', '42']);
  pc.close();
});

test('what follows a Blob waits for it, close too', async () => {
  const { pc, dc } = await openChannel();
  dc.send(new Blob(['blob']));
  dc.send('after');
  dc.close();
  assert.equal(dc.readyState, 'closing');
  assert.equal(dc.bufferedAmount, 9);
  await bridge.settle();
  assert.deepEqual(bridge.requests.map(({ method, params }) => params.text ?? params.binary ?? method),
    ['YmxvYg==', 'after', 'dataChannel.close']);
  pc.close();
});

test('a burst waits on the page, in order, until the endpoint has answered', async () => {
  const { pc, dc } = await openChannel();
  for (let at = 0; at < 600; at++) dc.send(`${at}`);
  await bridge.settle();
  assert.equal(bridge.requests.length, 256);
  bridge.answer = () => ({});
  for (const request of bridge.requests.slice()) bridge.reply(request);
  while (bridge.requests.length < 600) await bridge.settle();
  bridge.answer = undefined;
  assert.deepEqual(bridge.requests.map(({ params }) => Number(params.text)), Array.from({ length: 600 }, (_, at) => at));
  pc.close();
});

test('bufferedamountlow fires when the amount crosses the threshold', async () => {
  const { pc, dc, id, channel } = await openChannel();
  let low = 0;
  dc.bufferedAmountLowThreshold = 3;
  dc.onbufferedamountlow = () => low++;
  dc.send('12345678');
  const sent = (/** @type {number} */ count) => bridge.notify('dataChannel.bufferedAmount', { pc: id, channel, sent: count });
  sent(4);
  await bridge.settle();
  assert.deepEqual([low, dc.bufferedAmount], [0, 4]);
  sent(5);
  sent(8);
  await bridge.settle();
  assert.deepEqual([low, dc.bufferedAmount], [1, 0]);
  pc.close();
});

test('messages arrive as text, ArrayBuffer or Blob', async () => {
  const { pc, dc, id, channel } = await openChannel();
  const seen = /** @type {any[]} */ ([]);
  dc.onmessage = (/** @type {any} */ { data }) => seen.push(data);
  bridge.notify('dataChannel.message', { pc: id, channel, text: 't' });
  bridge.notify('dataChannel.message', { pc: id, channel, isBinary: true, binary: 'AQI=' });
  bridge.notify('dataChannel.message', { pc: id, channel, isBinary: true });
  await bridge.settle();
  dc.binaryType = 'blob';
  bridge.notify('dataChannel.message', { pc: id, channel, isBinary: true, binary: 'AQI=' });
  await bridge.settle();
  assert.equal(seen[0], 't');
  assert.deepEqual(new Uint8Array(seen[1]), new Uint8Array([1, 2]));
  assert.equal(seen[2].byteLength, 0);
  assert.ok(seen[3] instanceof Blob);
  pc.close();
});

test('closing by the far end fires closing, error and close; nothing is sent any more', async () => {
  const { pc, dc, change } = await openChannel();
  const log = /** @type {any[]} */ ([]);
  for (const type of ['closing', 'error', 'close']) dc.addEventListener(type, () => log.push(type));
  dc.addEventListener('error', (/** @type {any} */ { error }) => log.push(error.errorDetail));
  change('closing');
  change('closed', { error: { name: 'RTCError', detail: 'sctp-failure', message: 'gone' } });
  change('open');
  await bridge.settle();
  assert.deepEqual(log, ['closing', 'error', 'sctp-failure', 'close']);
  assert.throws(() => dc.send('x'), { name: 'InvalidStateError' });
  pc.close();
});

test('a channel of the far end is announced open', async () => {
  const { pc, id } = await openChannel();
  const log = /** @type {any[]} */ ([]);
  pc.ondatachannel = (/** @type {any} */ { channel }) => {
    log.push(channel.label, channel.readyState);
    channel.onopen = () => log.push('open');
  };
  bridge.notify('pc.dataChannel', { pc: id, snapshot: { seq: 1 }, channel: 'e:1', state: 'open',
    options: { label: 'far', protocol: '', ordered: true, negotiated: false, id: 7 } });
  await bridge.settle();
  assert.deepEqual(log, ['far', 'open', 'open']);
  pc.close();
});

test('options are checked', async () => {
  const { pc, dc } = await openChannel({ maxRetransmits: 0, ordered: false, id: 3 });
  assert.deepEqual([dc.maxRetransmits, dc.maxPacketLifeTime, dc.ordered, dc.reliable], [0, null, false, false]);
  assert.throws(() => pc.createDataChannel('x', { maxRetransmits: 1, maxPacketLifeTime: 1 }), TypeError);
  assert.throws(() => pc.createDataChannel('x', { negotiated: true }), TypeError);
  assert.throws(() => pc.createDataChannel('x', { negotiated: true, id: 65535 }), TypeError);
  assert.throws(() => pc.createDataChannel('x', { maxRetransmits: 65536 }), TypeError);
  assert.throws(() => pc.createDataChannel('x'.repeat(65536)), TypeError);
  assert.equal(pc.createDataChannel('x', { negotiated: true, id: 9 }).id, 9);
  assert.throws(() => pc.createDataChannel('x', { negotiated: true, id: 9 }), { name: 'OperationError' });
  assert.throws(() => dc.send(new Uint8Array(256 * 1024 + 1)), TypeError);
  pc.close();
});

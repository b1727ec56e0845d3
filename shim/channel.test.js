import { FakeBridge } from './doubles.js';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { linkState, on, onLink, open, request, requestWith } from './channel.js';

const bridge = new FakeBridge();
open(bridge.window);
after(() => bridge.close());

test('requests are pipelined and replies handled in their order', async () => {
  const order = /** @type {any[]} */ ([]);
  requestWith('a', {}, { onResult: () => order.push('a') });
  requestWith('b', {}, { onResult: () => order.push('b') });
  await bridge.settle();
  assert.deepEqual(bridge.requests.map(({ method }) => method), ['a', 'b']);
  const off = on('n', () => order.push('n'));
  bridge.reply(bridge.requests[0]);
  bridge.notify('n', {});
  bridge.reply(bridge.requests[1]);
  await bridge.settle();
  off();
  assert.deepEqual(order, ['a', 'n', 'b']);
});

test('ids rise and are never used twice', () => {
  const ids = bridge.requests.map(({ id }) => id);
  assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
  assert.equal(new Set(ids).size, ids.length);
});

test('a refusal becomes a real exception', async () => {
  bridge.answer = ({ method }) => {
    throw method === 'type' ? { name: 'TypeError', message: 'no' } : { name: 'NotFoundError', message: 'no' };
  };
  await assert.rejects(request('type'), TypeError);
  await assert.rejects(request('dom'), (error) => error instanceof DOMException && error.name === 'NotFoundError');
  bridge.answer = undefined;
});

test('malformed messages are ignored', async () => {
  for (const message of [null, 1, 'x', [], {}, { id: 'x' }, { id: 99999, result: {} }, { method: 'link.changed' },
    { method: 'link.changed', params: { state: 7 } }, { method: {}, params: null }]) bridge.send(message);
  await bridge.settle();
  assert.equal(linkState(), 'connecting');
});

test('a lost link tells handlers first, then refuses what is pending, not what is newly asked', async () => {
  const order = /** @type {any[]} */ ([]);
  request('old').catch((error) => order.push(error.name, error.message));
  const off = onLink((state) => {
    order.push(state);
    request('new').then(() => order.push('new'));
  });
  bridge.notify('link.changed', { state: 'lost', reason: 'gone' });
  await bridge.settle();
  off();
  assert.deepEqual(order, ['lost', 'OperationError', 'gone']);
  assert.equal(bridge.lossesSeen, 1);
  bridge.reply(bridge.of('new')[0]);
  await bridge.settle();
  assert.deepEqual(order, ['lost', 'OperationError', 'gone', 'new']);
});

test('a forged reconnect leaves the bridge in use until a new one speaks', async () => {
  bridge.deaf = true;
  bridge.window.dispatchEvent(new Event('nearend:reconnect'));
  bridge.deaf = false;
  bridge.notify('link.changed', { state: 'connected' });
  await bridge.settle();
  assert.equal(linkState(), 'connected');
});

test('reconnect moves to the new bridge and refuses what the old one owed', async () => {
  const owed = assert.rejects(request('owed'), { name: 'OperationError' });
  await bridge.settle();
  bridge.window.dispatchEvent(new Event('nearend:reconnect'));
  bridge.notify('link.changed', { state: 'connected' });
  await owed;
  request('later');
  await bridge.settle();
  assert.equal(bridge.of('later').length, 1);
  assert.equal(linkState(), 'connected');
});

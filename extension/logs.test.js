import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeBrowser, holdTimers, settled } from './browser.double.js';
import { Logs, collectBundle } from './logs.js';
import { redact, redactValue } from './redact.js';

/** @type {[string, RegExp[]][]} */
const SECRETS = [
  ['got v=0\r\no=- 1 2 IN IP4 192.0.2.7\r\ns=-\r\na=ice-pwd:abcdef', [/192/, /abcdef/, /o=-/]],
  [JSON.stringify({ sdp: 'v=0\r\no=- 46 2 IN IP4 127.0.0.1\r\na=ice-ufrag:Qx7k' }), [/Qx7k/]],
  ['candidate:1 1 udp 2130706431 10.0.0.5 50000 typ host', [/10\.0\.0\.5/, /50000/]],
  ['a=fingerprint:sha-256 AA:BB:CC', [/AA:BB/]],
  ['ice-pwd=geheim ufrag: kurz', [/geheim/, /kurz/]],
  ['{"username":"anna","credential":"s3cret"}', [/anna/, /s3cret/]],
  ['turn:relay.example.com:3478?transport=udp', [/relay/]],
  ['https://phone.test/room/4711?token=abc#x', [/4711/, /abc/]],
  ['from 192.0.2.33:5060 and 2001:db8:0:1::7 and fe80::1', [/192\.0/, /db8/, /fe80/]],
];
for (const [text, secrets] of SECRETS) {
  test(`redacts ${JSON.stringify(text).slice(0, 50)}`, () => {
    for (const secret of secrets) assert.doesNotMatch(redact(text), secret);
  });
}

test('keeps what support needs', () => {
  for (const text of ['https://phone.test', 'Native host has exited.', '2026-11-20T16:58:41.123Z', '156.0.8078.79', 'version 0.1.0', 'http://127.0.0.1:8080', 'https://*.example.com/* https://a.test/']) {
    assert.equal(redact(text), text);
  }
  assert.ok(redact('x'.repeat(10_000)).length <= 500);
});

test('values are redacted at any depth, and by the names of their members', () => {
  const value = { a: ['10.1.2.3', 5, null, true], b: { password: 'x', sdp: ['y'], 'ice-pwd': 'z', n: 1 } };
  assert.deepEqual(redactValue(value), {
    a: ['[address]', 5, null, true], b: { password: '[redacted]', sdp: '[redacted]', 'ice-pwd': '[redacted]', n: 1 },
  });
});

test('the ring is bounded, levelled and redacted', async () => {
  const logs = new Logs(new FakeBrowser().asBrowser);
  logs.debug('quiet');
  for (let i = 0; i < 600; i++) logs.info('event', { i, peer: '192.0.2.1' });
  assert.equal(logs.events.length, 500);
  assert.equal(logs.events[0].fields?.i, 100);
  assert.equal(logs.events[0].fields?.peer, '[address]');
  logs.level = 'debug';
  logs.debug('quiet');
  assert.equal(logs.events.at(-1)?.event, 'quiet');
});

test('the ring outlives the service worker', async t => {
  const runTimers = holdTimers(t);
  const fake = new FakeBrowser();
  const first = new Logs(fake.asBrowser);
  first.info('before');
  await first.ready;
  runTimers();
  await settled();
  const second = new Logs(fake.asBrowser);
  second.info('after');
  await second.ready;
  assert.deepEqual(second.events.map(({ event }) => event), ['before', 'after']);
});

test('a bundle has all components, and says of each that is missing why', async () => {
  const bundle = await collectBundle({
    about: { components: [] },
    extension: [],
    nativehost: async () => ({ lines: ['{"level":"info","message":"from 10.0.0.9","password":"x"}', 'plain 10.0.0.9'] }),
    endpoint: () => Promise.reject(new Error('The endpoint does not answer.')),
  });
  assert.equal(bundle.product, 'Nearend');
  assert.deepEqual(bundle.logs.nativehost, { lines: [{ level: 'info', message: 'from [address]', password: '[redacted]' }, 'plain [address]'] });
  assert.deepEqual(bundle.logs.endpoint, { error: 'The endpoint does not answer.' });
  assert.doesNotMatch(JSON.stringify(bundle), /10\.0\.0/);
});

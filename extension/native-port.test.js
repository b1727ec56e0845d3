import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeBrowser, holdTimers, settled } from './browser.double.js';
import { Logs } from './logs.js';
import { NativePort } from './native-port.js';

function start() {
  const fake = new FakeBrowser();
  const clock = { now: 0 };
  const native = new NativePort(fake.asBrowser, new Logs(fake.asBrowser), () => clock.now);
  /** @type {string[]} */
  const states = [];
  native.onLink = link => states.push(link.state);
  return { fake, native, states, clock };
}

async function connected() {
  const all = start();
  const done = all.native.connect();
  await settled();
  all.fake.host.greet();
  await done;
  return all;
}

test('hello goes first, with version and component', async () => {
  const { fake, native, states } = await connected();
  const [{ params: { instance } }] = fake.host.received;
  assert.match(instance, /^[0-9a-f-]{36}$/);
  assert.deepEqual(fake.host.received, [
    { id: 1, method: 'hello', params: { version: 1, component: { name: 'extension', version: '1.2.3', platform: 'test' }, instance } },
  ]);
  assert.deepEqual(states, ['connecting', 'connected']);
  assert.deepEqual(native.link.components.map(({ name }) => name), ['nativehost', 'endpoint']);
});

test('several who connect at once share one native messaging host', async () => {
  const { fake, native } = start();
  const all = Promise.all([native.connect(), native.connect(), native.connect()]);
  await settled();
  fake.host.greet();
  await all;
  await native.connect();
  assert.equal(fake.hosts.length, 1);
});

for (const [reason, summary, action] of /** @type {[string, RegExp, RegExp][]} */ ([
  ['Specified native messaging host not found.', /not installed/, /nativehost install/],
  ['Access to the specified native messaging host is forbidden.', /does not accept/, /nativehost install/],
  ['Failed to start native messaging host.', /could not be started/, /nativehost install/],
  ['Native host has exited.', /ended as soon as/, /again/],
  ['Error when communicating with the native messaging host.', /could not read/, /same version/],
  ['', /lost/, /again/],
])) {
  test(`"${reason}" is put in words that say what to do`, async () => {
    const { fake, native } = start();
    const done = native.connect();
    await settled();
    fake.host.exit(reason);
    await done;
    assert.equal(native.link.state, 'lost');
    assert.match(native.link.fault?.summary ?? '', summary);
    assert.match(native.link.fault?.action ?? '', action);
  });
}

test('a native messaging host of another version is let go', async () => {
  const { fake, native } = start();
  const done = native.connect();
  await settled();
  fake.host.send({ id: 1, error: { name: 'NotSupportedError', message: 'version 2 only' } });
  await done;
  assert.match(native.link.fault?.summary ?? '', /refused.*version 2 only\./);
  assert.ok(fake.host.disconnected);
});

test('a hello of another version is not taken', async () => {
  const { fake, native } = start();
  const done = native.connect();
  await settled();
  fake.host.send({ id: 1, result: { version: 99, components: [] } });
  await done;
  assert.equal(native.link.state, 'lost');
  assert.match(native.link.fault?.summary ?? '', /another version/);
});

test('silence ends after a while', async t => {
  const runTimers = holdTimers(t);
  const { native } = start();
  const done = native.connect();
  await settled();
  runTimers();
  await done;
  assert.match(native.link.fault?.summary ?? '', /does not answer/);
});

test('one that fails at once is not started again at once', async () => {
  const { fake, native, states, clock } = start();
  for (let i = 0; i < 5; i++) {
    const done = native.connect();
    await settled();
    fake.host.exit('Native host has exited.');
    await done;
  }
  assert.equal(fake.hosts.length, 1);
  assert.equal(states.filter(state => state === 'lost').length, 5, 'each who asked is told');
  clock.now = 1001;
  void native.connect();
  await settled();
  assert.equal(fake.hosts.length, 2);
  native.close();
});

test('one that ended during a call is started again when needed, at once', async () => {
  const { fake, native } = await connected();
  const answer = native.request('host.logs');
  fake.host.exit('Native host has exited.');
  await assert.rejects(answer, /has ended/);
  assert.equal(native.link.broken, true);
  assert.equal(native.send({ doc: 'd', id: 1, method: 'pc.create' }), false);
  await assert.rejects(native.request('host.logs'), /has ended/);
  const done = native.connect();
  await settled();
  fake.host.greet();
  await done;
  assert.equal(native.link.state, 'connected');
  assert.equal(native.link.broken, undefined);
});

test('what an earlier run says late is ignored', async () => {
  const { fake, native } = await connected();
  const [old] = fake.hosts;
  old.exit('Native host has exited.');
  const done = native.connect();
  await settled();
  fake.host.greet();
  await done;
  /** @type {unknown[]} */
  const seen = [];
  native.onMessage = message => seen.push(message);
  old.send({ doc: 'd', method: 'levels' });
  old.exit('Native host has exited.');
  assert.deepEqual(seen, []);
  assert.equal(native.link.state, 'connected');
});

test('a link lost behind the native messaging host is brought back by hello', async () => {
  const { fake, native, states } = await connected();
  fake.host.send({ method: 'link.changed', params: { state: 'lost', reason: 'The endpoint was switched off.' } });
  assert.equal(native.link.fault?.summary, 'The endpoint was switched off.');
  const done = native.connect();
  await settled();
  const again = fake.host.of('hello')[1];
  fake.host.send({ id: again.id, result: { version: 1, components: [] } });
  await done;
  assert.equal(fake.hosts.length, 1, 'the same native messaging host');
  assert.deepEqual(states, ['connecting', 'connected', 'lost', 'connecting', 'connected']);
});

test('malformed messages are dropped, and many of them end it', async () => {
  const { fake, native } = await connected();
  /** @type {unknown[]} */
  const seen = [];
  native.onMessage = message => seen.push(message);
  for (const message of [null, 5, 'x', [], {}, { doc: 5, id: 1 }, { doc: 'd', id: 'x', result: {} }, { doc: 'd', id: 0, result: {} },
    { doc: 'd', id: 1, method: 'pc.create' }, { method: 'levels' }, { doc: 'd', method: 7 }, { doc: 'd', id: 1, error: 'no' },
    { doc: 'd'.repeat(200), id: 1, result: {} }, { error: { name: 'SyntaxError', message: 'not JSON' } }]) fake.host.send(message);
  assert.deepEqual(seen, []);
  assert.equal(native.link.state, 'connected');
  for (let i = 0; i < 100; i++) fake.host.send(null);
  assert.equal(native.link.state, 'lost');
  assert.ok(fake.host.disconnected);
});

test('closed, it is idle and not lost', async () => {
  const { fake, native } = await connected();
  native.close();
  assert.equal(native.link.state, 'idle');
  assert.ok(fake.host.disconnected);
});

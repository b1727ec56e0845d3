import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeBrowser, FakePort, settled } from './browser.double.js';
import { Documents } from './documents.js';
import { Logs } from './logs.js';
import { NativePort } from './native-port.js';
import { Policy } from './policy.js';
import { Limit } from './protocol.gen.js';

const SITE = 'https://phone.test';

/** @param {{managed?: Record<string, unknown>}} [options] */
async function start({ managed = { allowlist: [SITE, 'https://other.test'] } } = {}) {
  const fake = new FakeBrowser();
  fake.managed = managed;
  const logs = new Logs(fake.asBrowser);
  const policy = new Policy(fake.asBrowser, logs);
  let now = 0;
  const native = new NativePort(fake.asBrowser, logs, () => now += 10_000);
  const documents = new Documents(policy, native, logs);
  native.onMessage = documents.route.bind(documents);
  native.onStatus = documents.status.bind(documents);
  native.onLink = documents.linkChanged.bind(documents);
  await policy.ready;
  return { fake, policy, native, documents };
}

/** @param {object} [sender] */
function contentPort(sender = {}) {
  return new FakePort('document', { origin: SITE, url: `${SITE}/`, frameId: 0, documentId: 'D', tab: { id: 7, url: `${SITE}/` }, ...sender });
}

/** @param {{fake: FakeBrowser, documents: Documents}} all @param {FakePort} [port] */
async function open({ fake, documents }, port = contentPort()) {
  documents.accept(/** @type {any} */ (port));
  await settled();
  if (fake.host?.received.length === 1) fake.host.greet();
  await settled();
  return port;
}

test('a document is announced before its first message, which is stamped', async () => {
  const all = await start();
  const port = contentPort();
  all.documents.accept(/** @type {any} */ (port));
  port.receive({ id: 1, method: 'devices.enumerate', params: {} });
  await open(all, contentPort({ tab: { id: 8, url: SITE } }));
  const [hello, first, message, second] = all.fake.host.received;
  assert.equal(hello.method, 'hello');
  assert.equal(first.method, 'document.open');
  assert.deepEqual({ ...first.params, document: '' }, { document: '', origin: SITE, topOrigin: SITE });
  assert.deepEqual(message, { doc: first.params.document, id: 1, method: 'devices.enumerate', params: {} });
  assert.equal(second.method, 'document.open');
  assert.notEqual(second.params.document, first.params.document);
});

test('a frame is announced with the origins that the browser names', async () => {
  const all = await start();
  await open(all, contentPort({ frameId: 3, tab: { id: 7, url: 'https://portal.test/x' } }));
  const { origin, topOrigin } = all.fake.host.of('document.open')[0].params;
  assert.deepEqual([origin, topOrigin], [SITE, 'https://portal.test']);
});

test('replies and notifications reach their document only', async () => {
  const all = await start();
  const one = await open(all);
  const two = await open(all);
  one.receive({ id: 1, method: 'pc.create', params: { pc: 'p1' } });
  const [doc] = all.fake.host.of('document.open').map(({ params }) => params.document);
  all.fake.host.send({ doc, id: 1, result: { state: 'x' } });
  all.fake.host.send({ doc, method: 'levels', params: { levels: [] } });
  all.fake.host.send({ doc: 'unknown', method: 'levels', params: {} });
  all.fake.host.send({ doc, id: 9, result: {} });
  const [settings, connected] = one.sent.splice(0, 2);
  assert.equal(settings.method, 'document.settings');
  assert.match(settings.params.connection, /^[0-9a-f-]{36}$/);
  assert.deepEqual(settings.params.components.map((/** @type {any} */ { name }) => name), ['nativehost', 'endpoint']);
  assert.deepEqual(connected, { method: 'link.changed', params: { state: 'connected' } });
  assert.deepEqual(one.sent, [
    { id: 1, result: { state: 'x' } },
    { method: 'levels', params: { levels: [] } },
  ]);
  assert.deepEqual(two.sent, [settings, connected]);
});

/** @type {[string, unknown, number, string][]} */
const REFUSED = [
  ['no object', 5, 0, 'TypeError'],
  ['nothing', null, 0, 'TypeError'],
  ['a list', [], 0, 'TypeError'],
  ['no id', { method: 'pc.create' }, 0, 'TypeError'],
  ['a text as id', { id: '1', method: 'pc.create' }, 0, 'TypeError'],
  ['a broken id', { id: 1.5, method: 'pc.create' }, 0, 'TypeError'],
  ['a negative id', { id: -1, method: 'pc.create' }, -1, 'TypeError'],
  ['no method', { id: 1 }, 1, 'TypeError'],
  ['an unknown method', { id: 1, method: 'pc.explode' }, 1, 'NotSupportedError'],
  ['a method of the extension', { id: 1, method: 'document.open', params: {} }, 1, 'NotSupportedError'],
  ['a method of every object', { id: 1, method: 'constructor' }, 1, 'NotSupportedError'],
  ['hello', { id: 1, method: 'hello', params: { version: 1 } }, 1, 'NotSupportedError'],
  ['a list as params', { id: 1, method: 'pc.create', params: [] }, 1, 'TypeError'],
  ['a document of its choice', { id: 1, method: 'pc.create', params: {}, doc: 'x' }, 1, 'TypeError'],
  ['too much', { id: 1, method: 'pc.create', params: { pc: 'x'.repeat(Limit.MaxMessage) } }, 1, 'OperationError'],
];
for (const [what, message, id, name] of REFUSED) {
  test(`a page that sends ${what} gets a ${name}, and nobody else anything`, async () => {
    const all = await start();
    const port = await open(all);
    const before = all.fake.host.received.length;
    port.receive(message);
    assert.equal(port.last.id, id);
    assert.equal(port.last.error.name, name);
    assert.ok(port.last.error.message.length > 10);
    assert.equal(all.fake.host.received.length, before);
  });
}

test('an id is used once', async () => {
  const all = await start();
  const port = await open(all);
  port.receive({ id: 2, method: 'devices.enumerate' });
  port.receive({ id: 2, method: 'devices.enumerate' });
  port.receive({ id: 1, method: 'devices.enumerate' });
  assert.equal(all.fake.host.of('devices.enumerate').length, 1);
  assert.equal(port.last.error.name, 'TypeError');
});

test('the requests that wait are bounded', async () => {
  const all = await start();
  const port = await open(all);
  for (let id = 1; id <= Limit.MaxQueuedRequests + 1; id++) port.receive({ id, method: 'devices.enumerate' });
  assert.equal(all.fake.host.of('devices.enumerate').length, Limit.MaxQueuedRequests);
  assert.equal(port.last.error.name, 'OperationError');
});

test('documents are bounded', async () => {
  const all = await start();
  await open(all);
  for (let count = 1; count < Limit.MaxDocuments; count++) all.documents.accept(/** @type {any} */ (contentPort()));
  const port = await open(all);
  assert.equal(all.documents.size, Limit.MaxDocuments);
  assert.equal(port.last.params.state, 'lost');
  assert.ok(port.disconnected);
});

test('a port that is not of a content script is refused', async () => {
  const all = await start();
  for (const sender of [{ tab: undefined }, { origin: undefined }, { origin: 'chrome-extension://test' }]) {
    const port = await open(all, contentPort(sender));
    assert.ok(port.disconnected);
  }
  assert.equal(all.documents.size, 0);
});

test('a site that the policy does not redirect gets nothing', async () => {
  const all = await start();
  const port = await open(all, contentPort({ origin: 'https://evil.test' }));
  port.receive({ method: 'link.lossSeen' });
  port.receive({ id: 1, method: 'devices.getUserMedia', params: {} });
  assert.equal(all.fake.hosts.length, 0, 'no native messaging host is started for it');
  assert.deepEqual(port.sent.map(message => message.params?.state ?? message.error.name), ['lost', 'OperationError', 'lost']);
});

test('an opaque origin counts as the page that it came from', async () => {
  const all = await start();
  await open(all, contentPort({ origin: 'null', url: 'about:srcdoc', frameId: 2, tab: { id: 7, url: SITE } }));
  assert.equal(all.fake.host.of('document.open')[0].params.origin, 'null');
  const evil = await open(all, contentPort({ origin: 'null', url: 'https://evil.test/x', frameId: 2, tab: { id: 7, url: SITE } }));
  assert.equal(evil.last.params.state, 'lost');
});

test('a page that goes is closed at the endpoint', async () => {
  const all = await start();
  const port = await open(all);
  port.drop();
  const { document } = all.fake.host.of('document.open')[0].params;
  assert.deepEqual(all.fake.host.received.at(-1), { method: 'document.close', params: { document } });
  assert.equal(all.documents.size, 0);
});

test('a lost link refuses what waits, and the next message brings it back', async () => {
  const all = await start();
  const port = await open(all);
  const bystander = await open(all, contentPort({ origin: 'https://other.test' }));
  all.fake.host.send({ method: 'document.status', params: { document: all.fake.host.of('document.open')[0].params.document, peerConnections: 1, connected: 1, capturing: true } });
  assert.ok(all.documents.inTab(7)[0].inCall);
  port.receive({ id: 1, method: 'pc.createOffer', params: { pc: 'p1' } });
  all.fake.host.exit('Native host has exited.');
  assert.equal(port.sent.at(-2).error.name, 'OperationError');
  assert.equal(port.sent.at(-2).id, 1);
  assert.match(port.last.params.reason, /native messaging host has ended/);
  assert.equal(bystander.last.params.state, 'lost');
  assert.equal(all.documents.inTab(7)[0].inCall, false);

  port.receive({ id: 2, method: 'devices.getUserMedia', params: { track: 'of the endpoint that is gone' } });
  port.receive({ method: 'link.lossSeen' });
  await settled();
  assert.equal(all.fake.hosts.length, 1, 'neither a stale request nor the word that the loss was seen connects');
  port.receive({ id: 3, method: 'pc.create', params: { pc: 'p2' } });
  await settled();
  assert.equal(all.fake.hosts.length, 2);
  all.fake.host.greet();
  await settled();
  assert.deepEqual(all.fake.host.received.map(({ method }) => method).sort(), ['document.open', 'document.open', 'hello', 'pc.create']);
  assert.ok(all.fake.host.received.findIndex(({ method }) => method === 'pc.create')
    > all.fake.host.received.findIndex(({ method }) => method === 'document.open'));
  assert.deepEqual(port.last, { method: 'link.changed', params: { state: 'connected' } });
  assert.equal(bystander.last.params.state, 'connected');
});

test('a native messaging host that is not there is told to the page each time', async () => {
  const all = await start();
  const port = contentPort();
  all.documents.accept(/** @type {any} */ (port));
  await settled();
  all.fake.host.exit('Specified native messaging host not found.');
  assert.match(port.last.params.reason, /not installed.*nativehost install/);
  port.receive({ method: 'link.lossSeen' });
  port.receive({ id: 1, method: 'devices.enumerate' });
  await settled();
  all.fake.host.exit('Specified native messaging host not found.');
  assert.deepEqual(port.sent.map(message => message.params?.state ?? message.error.name), ['lost', 'OperationError', 'lost']);
});

test('malformed status changes nothing', async () => {
  const all = await start();
  await open(all);
  const document = all.fake.host.of('document.open')[0].params.document;
  all.fake.host.send({ method: 'document.status', params: { document, peerConnections: 'many', connected: -3, capturing: 1 } });
  all.fake.host.send({ method: 'document.status', params: { document: 'nobody', peerConnections: 1 } });
  all.fake.host.send({ method: 'document.status' });
  assert.deepEqual(all.documents.inTab(7)[0].status, { peerConnections: 0, connected: 0, capturing: false });
});

test('a site that was switched off keeps its documents but counts no more', async () => {
  const all = await start({ managed: {} });
  await all.policy.setSite(SITE, true);
  const port = await open(all);
  assert.equal(all.documents.redirectedIn(7).length, 1);
  await all.policy.setSite(SITE, false);
  assert.equal(all.documents.redirectedIn(7).length, 0);
  port.receive({ id: 1, method: 'devices.enumerate' });
  assert.equal(all.fake.host.of('devices.enumerate').length, 1, 'a call in progress goes on');
});

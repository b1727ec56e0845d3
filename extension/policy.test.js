import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeBrowser, settled } from './browser.double.js';
import { Logs } from './logs.js';
import { Policy, decide, readSettings, siteOf } from './policy.js';

/** @param {FakeBrowser} fake */
const start = fake => new Policy(fake.asBrowser, new Logs(fake.asBrowser));

test('nothing set means: nobody but the person decides, and calls fail when unavailable', () => {
  const settings = readSettings({});
  assert.deepEqual(settings, {
    allowlist: [], blocklist: [], allowUserSites: true, whenUnavailable: 'fail', pageInterface: true,
    logLevel: 'info', managed: false, problems: [],
  });
  assert.deepEqual(decide(settings, [], 'https://a.test'), { redirected: false, by: 'user' });
  assert.deepEqual(decide(settings, ['https://a.test'], 'https://a.test'), { redirected: true, by: 'user' });
});

test('the administrator wins over the person, and the blocklist over all', () => {
  const settings = readSettings({ allowlist: ['https://*.corp.test'], blocklist: ['https://bad.corp.test', 'https://b.test'] });
  const sites = ['https://b.test', 'https://c.test'];
  assert.deepEqual(decide(settings, sites, 'https://pbx.corp.test'), { redirected: true, by: 'administrator' });
  assert.deepEqual(decide(settings, sites, 'https://bad.corp.test'), { redirected: false, by: 'administrator' });
  assert.deepEqual(decide(settings, sites, 'https://b.test'), { redirected: false, by: 'administrator' });
  assert.deepEqual(decide(settings, sites, 'https://c.test'), { redirected: true, by: 'user' });
  const strict = readSettings({ allowUserSites: false });
  assert.deepEqual(decide(strict, sites, 'https://c.test'), { redirected: false, by: 'administrator' });
});

test('what is malformed is left out and told', () => {
  const settings = readSettings({
    allowlist: ['https://a.test', 'http://plain.test', 7], blocklist: 'https://b.test', allowUserSites: 'yes',
    whenUnavailable: 'never', pageInterface: false, logLevel: 'debug',
  });
  assert.equal(settings.allowlist.length, 1);
  assert.equal(settings.blocklist.length, 0);
  assert.equal(settings.allowUserSites, true);
  assert.equal(settings.whenUnavailable, 'fail');
  assert.equal(settings.pageInterface, false);
  assert.equal(settings.logLevel, 'debug');
  assert.equal(settings.problems.length, 5);
  assert.match(settings.problems.join('\n'), /http:\/\/plain\.test.*only https/);
  assert.deepEqual(readSettings(null).problems, []);
});

test('siteOf takes origins that can be redirected', () => {
  assert.equal(siteOf('https://a.test/path?x#y'), 'https://a.test');
  assert.equal(siteOf('http://127.0.0.1:8080/'), 'http://127.0.0.1:8080');
  for (const address of ['http://a.test', 'chrome://extensions', 'about:blank', 'file:///x', '', 'data:text/html,x']) {
    assert.equal(siteOf(address), undefined, address);
  }
});

test('the first start does not wait for the administrator, later ones use what was kept', async () => {
  const fake = new FakeBrowser();
  /** @type {(policy: any) => void} */
  let answer = () => {};
  fake.loadManaged = () => new Promise(resolve => { answer = resolve; });
  const first = start(fake);
  await first.ready;
  await first.setSite('https://b.test', true);
  assert.equal(first.decide('https://a.test').redirected, false);
  assert.equal(first.decide('https://b.test').redirected, true);
  answer({ allowlist: ['https://a.test'], allowUserSites: false });
  await settled();
  assert.equal(first.decide('https://a.test').redirected, true);
  assert.equal(first.decide('https://b.test').redirected, false, 'the answer ends what it forbids');

  const second = start(fake);
  await second.ready;
  assert.equal(second.decide('https://a.test').redirected, true, 'before the browser has answered');
  let changes = 0;
  second.onChange = () => { changes++; };
  answer({ allowlist: [] });
  await settled();
  assert.equal(second.decide('https://a.test').redirected, false);
  assert.equal(changes, 1);
});

test('a change of the administrator takes effect', async () => {
  const fake = new FakeBrowser();
  const policy = start(fake);
  await policy.ready;
  fake.managed = { allowlist: ['https://a.test'] };
  fake.managedListener();
  await settled();
  assert.equal(policy.decide('https://a.test').redirected, true);
});

test('the person adds and removes sites, and they stay', async () => {
  const fake = new FakeBrowser();
  const policy = start(fake);
  await policy.setSite('https://b.test/softphone', true);
  await policy.setSite('https://a.test', true);
  await policy.setSite('https://a.test', true);
  await policy.setSite('http://plain.test', true);
  assert.deepEqual(fake.storage.local.userSites, ['https://a.test', 'https://b.test']);
  await policy.setSite('https://b.test', false);
  const next = start(fake);
  await next.ready;
  assert.deepEqual(next.userSites, ['https://a.test']);
});

test('storage that somebody has tampered with does no harm', async () => {
  const fake = new FakeBrowser();
  fake.storage.local.userSites = ['https://a.test', 'javascript:x', 5, 'https://b.test/path'];
  const policy = start(fake);
  await policy.ready;
  assert.deepEqual(policy.userSites, ['https://a.test']);
});

test('only the administrator adds sites where the policy says so', async () => {
  const fake = new FakeBrowser();
  fake.managed = { allowUserSites: false };
  const policy = start(fake);
  await policy.ready;
  await settled();
  await policy.setSite('https://a.test', true);
  assert.deepEqual(policy.userSites, []);
});

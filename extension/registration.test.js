import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeBrowser } from './browser.double.js';
import { Logs } from './logs.js';
import { readSettings } from './policy.js';
import { Registration, difference, wantedScripts } from './registration.js';

test('nothing is registered without a site', () => {
  assert.deepEqual(wantedScripts(readSettings({}), []), []);
  assert.deepEqual(wantedScripts(readSettings({ allowUserSites: false }), ['https://a.test']), []);
});

test('both scripts run first in every frame of exactly the redirected sites', () => {
  const settings = readSettings({ allowlist: ['https://*.corp.test'], blocklist: ['https://bad.corp.test'] });
  const scripts = wantedScripts(settings, ['https://a.test']);
  assert.deepEqual(scripts.map(({ id, world, js }) => [id, world, js]), [
    ['1-content', 'ISOLATED', ['content.js']],
    ['2-shim', 'MAIN', ['shim.js']],
  ]);
  for (const script of scripts) {
    assert.deepEqual(script.matches, ['https://*.corp.test:443/*', 'https://a.test:443/*']);
    assert.deepEqual(script.excludeMatches, ['https://bad.corp.test:443/*']);
    assert.equal(script.runAt, 'document_start');
    assert.ok(script.allFrames && script.matchOriginAsFallback);
  }
  const ids = scripts.map(({ id }) => id);
  assert.deepEqual(ids, [...ids].sort(), 'the content script listens before the shim speaks');
});

test('the policy can take the page interface away', () => {
  const [, shim] = wantedScripts(readSettings({ allowlist: ['https://a.test'], pageInterface: false }), []);
  assert.deepEqual(shim.js, ['no-page-interface.js', 'shim.js']);
});

test('only what differs is changed', () => {
  const some = wantedScripts(readSettings({ allowlist: ['https://a.test', 'https://b.test'] }), []);
  const more = wantedScripts(readSettings({ allowlist: ['https://a.test', 'https://c.test'] }), []);
  assert.deepEqual(difference([], some), { add: some, update: [], remove: [] });
  assert.deepEqual(difference(some, more), { add: [], update: more, remove: [] });
  assert.deepEqual(difference(some, []), { add: [], update: [], remove: ['1-content', '2-shim'] });
  // As the browser tells them: another order, no empty lists.
  const told = some.map(({ excludeMatches: _, ...script }) => ({ ...script, matches: [...script.matches ?? []].reverse() }));
  assert.deepEqual(difference(told, some), { add: [], update: [], remove: [] });
});

test('changes are made one after the other, and the last one holds', async () => {
  const fake = new FakeBrowser();
  const registration = new Registration(fake.asBrowser, new Logs(fake.asBrowser));
  const wanted = (/** @type {string[]} */ ...sites) => wantedScripts(readSettings({}), sites);
  void registration.apply(wanted('https://a.test'));
  void registration.apply([]);
  await registration.apply(wanted('https://b.test', 'https://c.test'));
  assert.equal(fake.scripts.length, 2);
  assert.deepEqual(fake.scripts[0].matches, ['https://b.test:443/*', 'https://c.test:443/*']);
});

test('a browser that refuses is told in the log, and the next change is made', async () => {
  const fake = new FakeBrowser();
  const logs = new Logs(fake.asBrowser);
  const registration = new Registration(fake.asBrowser, logs);
  const { registerScripts } = fake;
  fake.registerScripts = () => Promise.reject(new Error('refused'));
  await registration.apply(wantedScripts(readSettings({}), ['https://a.test']));
  assert.equal(logs.events.at(-1)?.event, 'registration failed');
  fake.registerScripts = registerScripts;
  await registration.apply(wantedScripts(readSettings({}), ['https://a.test']));
  assert.equal(fake.scripts.length, 2);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { faultOfDisconnect } from './link-fault.js';
import { decide, readSettings } from './policy.js';
import { describe } from './view.js';

const SITE = 'https://phone.test';
/** @type {any} */
const CONNECTED = {
  state: 'connected',
  components: [{ name: 'nativehost', version: '1.2.3', platform: 'p' }, { name: 'endpoint', version: '1.2.4', platform: 'p' }],
};
/** @type {any} */
const LOST = { state: 'lost', fault: faultOfDisconnect('Specified native messaging host not found.'), components: CONNECTED.components };
const IDLE = { peerConnections: 0, connected: 0, capturing: false };

/** @param {{managed?: object, sites?: string[], documents?: any[], link?: any, address?: string}} options */
function view({ managed = {}, sites = [], documents = [], link = CONNECTED, address = `${SITE}/page` }) {
  const settings = readSettings(managed);
  return describe({
    address, documents, link, settings, userSites: sites,
    decision: decide(settings, sites, address),
    redirected: documents.filter(({ identity }) => decide(settings, sites, identity.origin).redirected),
    extension: { name: 'extension', version: '1.2.2', platform: 'p' },
  });
}

/** @param {object} [status] @param {string} [origin] */
const page = (status = {}, origin = SITE) => ({ identity: { origin }, status: { ...IDLE, ...status }, inCall: Object.keys(status).length > 0 });

test('a site that nobody has listed', () => {
  const { state, title, site, reload, notes } = view({});
  assert.equal(state, 'off');
  assert.equal(title, 'This site is not redirected');
  assert.deepEqual(site, { name: SITE, on: false, locked: false });
  assert.equal(reload, false);
  assert.deepEqual(notes, []);
});

test('a site just switched on waits for its reload', () => {
  const { state, reload, notes } = view({ sites: [SITE] });
  assert.equal(state, 'off');
  assert.equal(reload, true);
  assert.match(notes.join(), /Reload the page to redirect/);
});

test('a redirected page', () => {
  const { state, title, reload } = view({ sites: [SITE], documents: [page()] });
  assert.deepEqual([state, title, reload], ['ready', 'Ready', false]);
});

test('a call', () => {
  const talking = view({ sites: [SITE], documents: [page({ connected: 1, peerConnections: 1, capturing: true })] });
  assert.deepEqual([talking.state, talking.title], ['call', 'A call is being redirected.']);
  assert.match(talking.notes.join(), /microphone of your own computer is in use/);
  const listening = view({ sites: [SITE], documents: [page({ connected: 1, peerConnections: 1 })] });
  assert.match(listening.notes.join(), /not in use/);
});

test('a call goes on while its site is switched off', () => {
  const { state, reload, notes } = view({ documents: [page({ connected: 1 })] });
  assert.deepEqual([state, reload], ['call', true]);
  assert.match(notes.join(), /stop redirecting/);
});

test('a native messaging host that cannot be reached', () => {
  const { state, title, notes, components, fault } = view({ sites: [SITE], documents: [page()], link: LOST });
  assert.deepEqual([state, title], ['unreachable', 'Cannot reach the native messaging host']);
  assert.match(notes.join(' '), /not installed.*Run "nativehost install".*Calls on this site fail/);
  assert.match(fault, /not installed/);
  assert.deepEqual(components.map(({ version }) => version), ['1.2.2', '', '']);
});

test('the policy says what happens meanwhile', () => {
  const { state, notes, reload } = view({ managed: { allowlist: [SITE], whenUnavailable: 'native' }, link: LOST });
  assert.deepEqual([state, reload], ['unreachable', false]);
  assert.match(notes.join(' '), /use the browser itself/);
});

test('a site that is not redirected does not care', () => {
  assert.equal(view({ link: LOST }).state, 'off');
});

test('what the administrator manages is locked', () => {
  assert.deepEqual(view({ managed: { allowlist: [SITE] } }).site, { name: SITE, on: true, locked: true });
  assert.deepEqual(view({ managed: { blocklist: [SITE] } }).site, { name: SITE, on: false, locked: true });
  assert.deepEqual(view({ managed: { allowUserSites: false } }).site, { name: SITE, on: false, locked: true });
});

test('a page without a site', () => {
  for (const address of ['', 'chrome://extensions', 'http://plain.test']) {
    const { state, site, notes, reload } = view({ address });
    assert.deepEqual([state, site.name, reload], ['off', '', false]);
    assert.match(notes.join(), /https/);
  }
});

test('a redirected frame in a page that is not', () => {
  const { state, notes, reload, site } = view({ sites: ['https://inner.test'], documents: [page({}, 'https://inner.test')] });
  assert.deepEqual([state, reload, site.on], ['ready', false, false]);
  assert.match(notes.join(), /Redirected inside this page: https:\/\/inner\.test/);
});

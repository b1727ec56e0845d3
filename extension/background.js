/**
 * The service worker: listeners, registered synchronously so that the browser
 * can wake it for them, and the wiring of its parts.
 *
 * @module
 */
import { Adoption } from './adoption.js';
import * as browser from './browser.js';
import { Documents } from './documents.js';
import { Icon } from './icon.js';
import { Logs } from './logs.js';
import { NativePort } from './native-port.js';
import { Panel } from './panel.js';
import { Policy } from './policy.js';
import { Registration, wantedScripts } from './registration.js';
import { tabState } from './tab-state.js';

/** The native messaging host is let go this long after its last user. */
const LINGER_MS = 10_000;
/** With whenUnavailable "native", how often a lost native messaging host is tried; the try keeps this worker awake. */
const PROBE_MS = 20_000;

const logs = new Logs(browser);
const policy = new Policy(browser, logs);
const native = new NativePort(browser, logs);
const documents = new Documents(policy, native, logs);
const adoption = new Adoption(browser, logs);
const registration = new Registration(browser, logs);
const icon = new Icon(browser);
const panel = new Panel({ browser, policy, native, documents, logs });

/** @type {ReturnType<typeof setTimeout>|undefined} */
let probing;

void browser.guardStorage();
/** The browser starts the worker when it has one of these to tell; the rest is done by starting. */
browser.onWake(() => {});
browser.onConnect(port => (port.name === 'document' ? documents : panel).accept(port));

native.onMessage = documents.route.bind(documents);
native.onStatus = documents.status.bind(documents);
native.onLink = linkChanged;
documents.onOpen = adoption.remember.bind(adoption);
documents.onClose = documentClosed;
documents.onChange = tabChanged;
panel.onIdle = release;
policy.onChange = policyChanged;

void policy.ready.then(() => {
  register();
  probe();
});

/** @param {import('./native-port.js').Link} link */
function linkChanged(link) {
  documents.linkChanged(link);
  panel.refresh();
  if (policy.settings.whenUnavailable === 'native') register();
  clearTimeout(probing);
  if (link.state === 'lost') probing = setTimeout(probe, PROBE_MS);
}

/** @param {import('./document.js').Document} document */
function documentClosed(document) {
  adoption.forget(document);
  release();
}

/** @param {number} tabId */
function tabChanged(tabId) {
  showIcon(tabId);
  panel.refresh();
}

function policyChanged() {
  register();
  probe();
  for (const tabId of documents.tabs()) showIcon(tabId);
  panel.refresh();
}

function register() {
  const { settings, userSites } = policy;
  const held = settings.whenUnavailable === 'native' && native.link.state !== 'connected';
  void registration.apply(held ? [] : wantedScripts(settings, userSites));
}

/** Whether the link decides what pages get, and so has to be known at all times. */
function isProbing() {
  const { settings, userSites } = policy;
  return settings.whenUnavailable === 'native' && wantedScripts(settings, userSites).length > 0;
}

function probe() {
  if (isProbing()) void native.connect();
}

/** Lets the native messaging host go when nobody has needed it for a while. */
function release() {
  setTimeout(() => {
    if (documents.size === 0 && panel.size === 0 && !isProbing()) native.close();
  }, LINGER_MS);
}

/** @param {number} tabId */
function showIcon(tabId) {
  const state = tabState({
    redirected: false,
    documents: documents.redirectedIn(tabId).length,
    inCall: documents.inTab(tabId).some(document => document.inCall),
    link: native.link.state,
  });
  void icon.show(tabId, state);
}

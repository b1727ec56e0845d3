/**
 * A browser made of memory, for tests: the surface of browser.js with the
 * other side in the hands of the test.
 *
 * @module
 */
import { webcrypto } from 'node:crypto';

// Node 18 has it, but not as a global.
globalThis.crypto ??= /** @type {any} */ (webcrypto);

/** A runtime port; both its ends are in the test's hands. */
export class FakePort {
  /**
   * What the extension has posted.
   * @type {any[]}
   */
  sent = [];
  disconnected = false;
  /** @type {((message: any) => void)[]} */
  #messageListeners = [];
  /** @type {(() => void)[]} */
  #disconnectListeners = [];
  onMessage = { addListener: (/** @type {(message: any) => void} */ listener) => this.#messageListeners.push(listener) };
  onDisconnect = { addListener: (/** @type {() => void} */ listener) => this.#disconnectListeners.push(listener) };

  /**
   * @param {string} [name]
   * @param {object} [sender]
   */
  constructor(name = '', sender = {}) {
    this.name = name;
    this.sender = sender;
  }

  /** @param {any} message */
  postMessage(message) {
    this.sent.push(JSON.parse(JSON.stringify(message)));
  }

  disconnect() {
    this.disconnected = true;
  }

  /** The other end posts. @param {any} message */
  receive(message) {
    for (const listener of this.#messageListeners) listener(message);
  }

  /** The other end goes. */
  drop() {
    for (const listener of this.#disconnectListeners) listener();
  }

  /** @returns {any} */
  get last() {
    return this.sent.at(-1);
  }
}

/** One run of a native messaging host. */
export class FakeNativeHost {
  /** @type {any[]} */
  received = [];
  disconnected = false;

  /** @param {{onMessage: (message: unknown) => void, onDisconnect: (reason: string) => void}} handlers */
  constructor(handlers) {
    this.handlers = handlers;
  }

  /** @param {any} message */
  postMessage(message) {
    this.received.push(JSON.parse(JSON.stringify(message)));
    if (message.method === 'document.open') queueMicrotask(() => this.send({ id: message.id, result: {} }));
  }

  disconnect() {
    this.disconnected = true;
  }

  /** @param {unknown} message */
  send(message) {
    this.handlers.onMessage(message);
  }

  /** @param {string} reason as the browser words it */
  exit(reason) {
    this.handlers.onDisconnect(reason);
  }

  /** Answers hello as the product does. */
  greet() {
    const { id } = this.received.find(({ method }) => method === 'hello');
    const component = (/** @type {string} */ name) => ({ name, version: '1.2.3', platform: 'test' });
    this.send({ id, result: { version: 1, components: [component('nativehost'), component('endpoint')] } });
  }

  /** @param {string} method @returns {any[]} what has come with that method */
  of(method) {
    return this.received.filter(message => message.method === method);
  }
}

/** The whole browser. */
export class FakeBrowser {
  /** @type {Record<string, unknown>} */
  managed = {};
  /** @type {{local: Record<string, unknown>, session: Record<string, unknown>}} */
  storage = { local: {}, session: {} };
  /** @type {any[]} */
  scripts = [];
  /** @type {FakeNativeHost[]} */
  hosts = [];
  /** @type {Map<number, string>} */
  tabs = new Map();
  /** @type {{tabId: number, path: any, title: string}[]} */
  icons = [];
  /** @type {() => void} */
  managedListener = () => {};

  extensionVersion = () => '1.2.3';
  extensionUrl = (/** @type {string} */ path) => `chrome-extension://test/${path}`;
  platform = async () => 'test';
  connectNative = (/** @type {string} */ _name, /** @type {any} */ handlers) => {
    const host = new FakeNativeHost(handlers);
    this.hosts.push(host);
    return host;
  };

  load = async (/** @type {'local'|'session'} */ area, /** @type {string} */ key) => this.storage[area][key];
  save = async (/** @type {'local'|'session'} */ area, /** @type {string} */ key, /** @type {unknown} */ value) => {
    this.storage[area][key] = JSON.parse(JSON.stringify(value));
  };
  loadManaged = async () => this.managed;
  onManagedChanged = (/** @type {() => void} */ listener) => { this.managedListener = listener; };

  registeredScripts = async () => this.scripts;
  registerScripts = async (/** @type {any[]} */ scripts) => { this.scripts = [...this.scripts, ...scripts]; };
  updateScripts = async (/** @type {any[]} */ scripts) => {
    this.scripts = this.scripts.map(old => ({ ...old, ...scripts.find(({ id }) => id === old.id) }));
  };
  unregisterScripts = async (/** @type {string[]} */ ids) => {
    this.scripts = this.scripts.filter(({ id }) => !ids.includes(id));
  };

  tabUrl = async (/** @type {number} */ tabId) => this.tabs.get(tabId) ?? '';
  showIcon = async (/** @type {number} */ tabId, /** @type {any} */ path, /** @type {string} */ title) => {
    this.icons.push({ tabId, path, title });
  };

  /** The host that runs now. */
  get host() {
    return /** @type {FakeNativeHost} */ (this.hosts.at(-1));
  }

  /** @returns {any} the same, as the parts of the extension take it */
  get asBrowser() {
    return this;
  }
}

/**
 * Holds back all timers until the returned function runs them.
 * @param {import('node:test').TestContext} t
 * @returns {() => void}
 */
export function holdTimers(t) {
  const { setTimeout, clearTimeout } = globalThis;
  /** @type {Map<number, () => void>} */
  const held = new Map();
  let last = 0;
  globalThis.setTimeout = /** @type {any} */ ((/** @type {() => void} */ run) => {
    held.set(++last, run);
    return last;
  });
  globalThis.clearTimeout = /** @type {any} */ ((/** @type {number} */ timer) => held.delete(timer));
  t.after(() => Object.assign(globalThis, { setTimeout, clearTimeout }));
  return () => {
    const due = [...held.values()];
    held.clear();
    for (const run of due) run();
  };
}

/** Lets everything that is ready run. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

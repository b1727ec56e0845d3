/**
 * The service worker's side of popup and options page.
 *
 * @module
 */
import { collectBundle } from './logs.js';
import { isRecord } from './message.js';
import { Method } from './protocol.gen.js';
import { describe } from './view.js';

const LOGS_TIMEOUT_MS = 5000;

/** Serves the ports of the extension's own pages. */
export class Panel {
  /**
   * Called when the last page has gone.
   * @type {() => void}
   */
  onIdle = () => {};

  /**
   * Ports and the tab that each is about; -1 for none.
   * @type {Map<chrome.runtime.Port, number>}
   */
  #ports = new Map();
  #browser;
  #policy;
  #native;
  #documents;
  #logs;

  /**
   * @param {object} parts
   * @param {import('./browser.js').Browser} parts.browser
   * @param {import('./policy.js').Policy} parts.policy
   * @param {import('./native-port.js').NativePort} parts.native
   * @param {import('./documents.js').Documents} parts.documents
   * @param {import('./logs.js').Logs} parts.logs
   */
  constructor({ browser, policy, native, documents, logs }) {
    this.#browser = browser;
    this.#policy = policy;
    this.#native = native;
    this.#documents = documents;
    this.#logs = logs;
  }

  get size() {
    return this.#ports.size;
  }

  /** @param {chrome.runtime.Port} port */
  accept(port) {
    if (!port.sender?.url?.startsWith(this.#browser.extensionUrl(''))) {
      port.disconnect();
      return;
    }
    this.#ports.set(port, -1);
    port.onMessage.addListener(message => void this.#receive(port, message));
    port.onDisconnect.addListener(() => {
      this.#ports.delete(port);
      if (this.#ports.size === 0) this.onIdle();
    });
  }

  /** Shows all open pages what is true now. */
  refresh() {
    for (const port of this.#ports.keys()) void this.#show(port);
  }

  /**
   * @param {chrome.runtime.Port} port
   * @param {unknown} message
   */
  async #receive(port, message) {
    if (!isRecord(message)) return;
    switch (message.ask) {
      case 'watch':
        this.#ports.set(port, Number(message.tab));
        await this.#policy.ready;
        // Only a connection tells whether calls will work, and the versions.
        // One that broke is left as it is, for people to see what happened.
        if (!this.#native.link.broken) await this.#native.connect();
        await this.#show(port);
        break;
      case 'retry':
        await this.#native.connect();
        await this.#show(port);
        break;
      case 'setSite':
        await this.#policy.setSite(String(message.site), message.on === true);
        break;
      case 'collect': {
        const bundle = await this.#collect();
        if (this.#ports.has(port)) port.postMessage({ bundle });
        break;
      }
    }
  }

  /** @param {chrome.runtime.Port} port */
  async #show(port) {
    const tabId = this.#ports.get(port) ?? -1;
    const address = tabId < 0 ? '' : await this.#browser.tabUrl(tabId);
    const view = describe({
      address,
      decision: this.#policy.decide(address),
      documents: this.#documents.inTab(tabId),
      redirected: this.#documents.redirectedIn(tabId),
      link: this.#native.link,
      settings: this.#policy.settings,
      userSites: this.#policy.userSites,
      extension: await this.#extension(),
    });
    if (this.#ports.has(port)) port.postMessage({ view });
  }

  async #extension() {
    return { name: 'extension', version: this.#browser.extensionVersion(), platform: await this.#browser.platform() };
  }

  async #collect() {
    await this.#native.connect();
    const ask = (/** @type {string} */ method) => () => this.#native.request(method, undefined, LOGS_TIMEOUT_MS);
    const { settings, userSites } = this.#policy;
    const { state, fault, components } = this.#native.link;
    return collectBundle({
      about: {
        components: [await this.#extension(), ...components],
        link: { state, ...fault },
        policy: { ...settings, userSites },
        documents: this.#documents.summary(),
      },
      extension: this.#logs.events,
      nativehost: ask(Method.HostLogs),
      endpoint: ask(Method.EndpointLogs),
    });
  }
}

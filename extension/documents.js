/**
 * The documents with a shim in them: who they are, what they may send, and
 * which of them a message from the endpoint is for.
 *
 * @module
 */
import { Document } from './document.js';
import { wordsOf } from './link-fault.js';
import { Limit, Method } from './protocol.gen.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./document.js').Identity} Identity */

const NOT_REDIRECTED = 'This site is no longer redirected. Reload the page.';
const TOO_MANY = 'Too many pages use redirected calls. Close some of them.';

/** All documents, by id. */
export class Documents {
  /**
   * Called with the tab when a document comes, goes or changes.
   * @type {(tabId: number) => void}
   */
  onChange = () => {};
  /**
   * Called when a document has come.
   * @type {(document: Document) => void}
   */
  onOpen = () => {};
  /**
   * Called when a document has gone.
   * @type {(document: Document) => void}
   */
  onClose = () => {};

  /** @type {Map<string, Document>} */
  #documents = new Map();
  /** Names the present connection, for support cases. */
  #connection = '';
  #policy;
  #native;
  #logs;

  /**
   * @param {import('./policy.js').Policy} policy
   * @param {import('./native-port.js').NativePort} native
   * @param {import('./logs.js').Logs} logs
   */
  constructor(policy, native, logs) {
    this.#policy = policy;
    this.#native = native;
    this.#logs = logs;
  }

  get size() {
    return this.#documents.size;
  }

  /**
   * @param {number} tabId
   * @returns {Document[]}
   */
  inTab(tabId) {
    return [...this.#documents.values()].filter(document => document.identity.tabId === tabId);
  }

  /**
   * @param {number} tabId
   * @returns {Document[]} those that the policy redirects now
   */
  redirectedIn(tabId) {
    return this.inTab(tabId).filter(({ admission, identity }) =>
      admission === 'admitted' && this.#policy.decide(identity.site).redirected);
  }

  /** @returns {number[]} tabs with at least one document */
  tabs() {
    return [...new Set([...this.#documents.values()].map(document => document.identity.tabId))];
  }

  /** @returns {{origin: string, topOrigin: string, status: Document['status']}[]} for people */
  summary() {
    return [...this.#documents.values()].map(({ identity, status }) =>
      ({ origin: identity.origin, topOrigin: identity.topOrigin, status }));
  }

  /**
   * Takes the port of a content script.
   * @param {chrome.runtime.Port} port
   */
  accept(port) {
    const identity = identify(port.sender);
    if (!identity) {
      port.disconnect();
      return;
    }
    const document = new Document(port, identity);
    if (this.#documents.size >= Limit.MaxDocuments) {
      document.linkLost(TOO_MANY);
      port.disconnect();
      return;
    }
    this.#documents.set(document.id, document);
    port.onMessage.addListener(raw => this.#receive(document, raw));
    port.onDisconnect.addListener(() => this.#close(document));
    this.#logs.info('document opened', { document: document.id, origin: identity.origin, topOrigin: identity.topOrigin });
    this.onOpen(document);
    this.onChange(identity.tabId);
    void this.#admit(document);
  }

  /**
   * Passes on what the endpoint sends to a document.
   * @param {Message} message
   */
  route(message) {
    const document = this.#documents.get(String(message.doc));
    if (document?.announced) document.deliver(message);
    else this.#logs.debug('message for no document', { method: message.method ?? 'reply' });
  }

  /**
   * Keeps what a document has in use.
   * @param {Record<string, unknown>} params DocumentStatusEvent
   */
  status(params) {
    const document = this.#documents.get(String(params.document));
    if (!document) return;
    document.status = {
      peerConnections: count(params.peerConnections),
      connected: count(params.connected),
      capturing: params.capturing === true,
    };
    this.#logs.info('document status', { document: document.id, ...document.status });
    this.onChange(document.identity.tabId);
  }

  /**
   * Announces every document on a new link, or tells them that it is lost.
   * @param {import('./native-port.js').Link} link
   */
  linkChanged(link) {
    this.#connection = link.state === 'connected' ? crypto.randomUUID() : '';
    for (const document of this.#documents.values()) {
      if (link.state === 'connected') this.#announce(document);
      else if (link.state === 'lost') document.linkLost(link.fault ? wordsOf(link.fault) : '');
    }
    for (const tabId of this.tabs()) this.onChange(tabId);
  }

  /**
   * Lets a document in, when the policy does.
   * @param {Document} document
   */
  async #admit(document) {
    await this.#policy.ready;
    if (!this.#documents.has(document.id)) return;
    document.admission = this.#policy.decide(document.identity.site).redirected ? 'admitted' : 'refused';
    if (document.admission === 'refused') this.#logs.warn('document refused', { origin: document.identity.origin });
    this.#proceed(document);
    this.onChange(document.identity.tabId);
  }

  /**
   * Does what a document that is not announced is waiting for.
   * @param {Document} document
   */
  #proceed(document) {
    if (document.admission === 'refused') document.linkLost(NOT_REDIRECTED);
    else if (document.admission === 'waiting') return;
    else if (this.#native.link.state === 'connected') this.#announce(document);
    else void this.#native.connect();
  }

  /** @param {Document} document */
  #announce(document) {
    if (document.announced || document.admission !== 'admitted') return;
    const { origin, topOrigin } = document.identity;
    this.#native.request(Method.DocumentOpen, { document: document.id, origin, topOrigin }).catch(error => {
      this.#logs.warn('document not opened', { document: document.id, error: error.message });
    });
    document.announced = true;
    document.linkConnected({ connection: this.#connection, components: this.#native.link.components });
    for (const message of document.takeQueue()) this.#native.send(message);
  }

  /**
   * @param {Document} document
   * @param {unknown} raw
   */
  #receive(document, raw) {
    const message = document.take(raw);
    if (!message) {
      this.#logs.debug('message of a page refused', { document: document.id });
      return;
    }
    if (document.announced) {
      this.#native.send(message);
    } else {
      document.queue(message);
      this.#proceed(document);
    }
  }

  /** @param {Document} document */
  #close(document) {
    this.#documents.delete(document.id);
    if (document.announced) this.#native.send({ method: Method.DocumentClose, params: { document: document.id } });
    this.#logs.info('document closed', { document: document.id });
    this.onClose(document);
    this.onChange(document.identity.tabId);
  }
}

/**
 * @param {chrome.runtime.MessageSender|undefined} sender
 * @returns {Identity|undefined} undefined for what is not a content script
 */
function identify(sender) {
  const tab = sender?.tab;
  if (!sender?.origin || tab?.id === undefined || sender.origin.startsWith('chrome-extension:')) return undefined;
  const topOrigin = sender.frameId === 0 ? sender.origin : originOf(tab.url);
  // An opaque origin (sandboxed frame) has an address, or else the page that it is in.
  const site = sender.origin === 'null' ? originOf(sender.url) || topOrigin : sender.origin;
  return { tabId: tab.id, origin: sender.origin, topOrigin, site, documentId: sender.documentId };
}

/**
 * @param {string|undefined} address
 * @returns {string} serialised origin; empty when there is none
 */
function originOf(address) {
  const origin = address && URL.canParse(address) ? new URL(address).origin : 'null';
  return origin === 'null' ? '' : origin;
}

/** @param {unknown} value */
function count(value) {
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}

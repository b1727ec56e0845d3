/**
 * One document: the port of its content script, what it asks, and what it has
 * in use at the endpoint.
 *
 * @module
 */
import { isLossSeen, requestFault } from './message.js';
import { Limit, LinkState, Method } from './protocol.gen.js';

/** @typedef {import('./message.js').Message} Message */

/**
 * What the browser, never the page, says about a document.
 * @typedef {object} Identity
 * @property {number} tabId
 * @property {string} origin serialised; "null" when opaque
 * @property {string} topOrigin of the tab; empty when the browser does not say
 * @property {string} site what the policy decides on: origin, or for an opaque one where it comes from
 * @property {string|undefined} documentId the browser's own id
 */

/** A document with a shim in it. */
export class Document {
  /** Minted here; a page cannot choose it. */
  id = crypto.randomUUID();
  /** document.status, as the endpoint last sent it. */
  status = { peerConnections: 0, connected: 0, capturing: false };
  /**
   * Whether the policy lets it in; not known at once.
   * @type {'waiting'|'admitted'|'refused'}
   */
  admission = 'waiting';
  /** True from document.open until the link is lost. */
  announced = false;

  #port;
  #lastId = 0;
  /** From a lost link until the page has seen it: what comes is for an endpoint that is gone. */
  #stale = false;
  /**
   * Requests without a reply so far.
   * @type {Set<number>}
   */
  #pending = new Set();
  /**
   * Requests that wait for the link.
   * @type {Message[]}
   */
  #queue = [];

  /**
   * @param {chrome.runtime.Port} port
   * @param {Identity} identity
   */
  constructor(port, identity) {
    this.#port = port;
    this.identity = identity;
  }

  get inCall() {
    const { connected, peerConnections, capturing } = this.status;
    return connected > 0 || (capturing && peerConnections > 0);
  }

  /**
   * Takes a message of the page. One that may not pass is refused at once, one
   * that was sent to an endpoint that is gone is dropped: the page has already
   * given it up.
   * @param {unknown} raw
   * @returns {Message|undefined} stamped with doc, to be passed on
   */
  take(raw) {
    if (isLossSeen(raw)) this.#stale = false;
    if (this.#stale || isLossSeen(raw)) return undefined;
    const fault = requestFault(raw, this.#lastId);
    const { id, method, params } = /** @type {Message} */ (raw ?? {});
    if (fault) {
      this.#refuse(Number.isSafeInteger(id) ? Number(id) : 0, fault.name, fault.message);
      return undefined;
    }
    this.#lastId = Number(id);
    if (this.#pending.size >= Limit.MaxQueuedRequests) {
      this.#refuse(Number(id), 'OperationError', `Only ${Limit.MaxQueuedRequests} requests may wait.`);
      return undefined;
    }
    this.#pending.add(Number(id));
    return params === undefined ? { doc: this.id, id, method } : { doc: this.id, id, method, params };
  }

  /** @param {Message} message taken, to wait for the link */
  queue(message) {
    this.#queue.push(message);
  }

  /** @returns {Message[]} what has waited for the link, in order */
  takeQueue() {
    return this.#queue.splice(0);
  }

  /**
   * Passes a reply or notification to the page; a reply that nobody waits for
   * is dropped.
   * @param {Message} message
   */
  deliver({ id, method, params, result, error }) {
    if (method !== undefined) this.#post({ method, params });
    else if (this.#pending.delete(Number(id))) this.#post(error ? { id, error } : { id, result: result ?? {} });
  }

  /**
   * Tells the page that it can call, and by what.
   * @param {import('./protocol.gen.js').DocumentSettingsEvent} settings
   */
  linkConnected(settings) {
    this.#post({ method: Method.DocumentSettings, params: settings });
    this.#post({ method: Method.LinkChanged, params: { state: LinkState.LinkConnected } });
  }

  /**
   * Refuses all that waits and tells the page that everything at the endpoint
   * is gone.
   * @param {string} reason
   */
  linkLost(reason) {
    this.announced = false;
    this.status = { peerConnections: 0, connected: 0, capturing: false };
    for (const id of this.#pending) this.#refuse(id, 'OperationError', reason);
    this.#pending.clear();
    this.#queue = [];
    this.#stale = true;
    this.#post({ method: Method.LinkChanged, params: { state: LinkState.LinkLost, reason } });
  }

  /**
   * @param {number} id 0 when the request had none to answer to
   * @param {string} name
   * @param {string} message
   */
  #refuse(id, name, message) {
    this.#post({ id, error: { name, message } });
  }

  /** @param {object} message */
  #post(message) {
    try {
      this.#port.postMessage(message);
    } catch {
      // The document went in this very moment; its disconnect event follows.
    }
  }
}

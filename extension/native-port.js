/**
 * The connection to the native messaging host: hello first, reconnected when
 * somebody needs it, and the reason in words when it goes.
 *
 *      connect()            hello answered
 *   idle ────▶ connecting ────────────▶ connected
 *    ▲   close()    │ no host, refused,     │ ended, or the link
 *    │              ▼ no answer             ▼ behind it lost
 *    └──────────── lost ◀───────────────────┘
 *
 * @module
 */
import { OTHER_VERSION, faultOfDisconnect, faultOfHello, faultOfLink, wordsOf } from './link-fault.js';
import { isRecord, nativeFault } from './message.js';
import { Limit, LinkState, Method, NATIVE_HOST_NAME, PROTOCOL_VERSION } from './protocol.gen.js';
import { Requests } from './requests.js';

/** @typedef {import('./message.js').Message} Message */
/** @typedef {import('./link-fault.js').LinkFault} LinkFault */
/** @typedef {{name: string, version: string, platform?: string}} Component */

/**
 * @typedef {object} Link
 * @property {'idle'|'connecting'|'connected'|'lost'} state
 * @property {LinkFault} [fault] why it is lost
 * @property {boolean} [broken] it was connected before, so calls have ended
 * @property {Component[]} components as hello named them, nearest first; of the last connection when lost
 */

/**
 * @typedef {object} Connection one run of the native messaging host
 * @property {import('./browser.js').NativeConnection} port
 * @property {Requests} requests
 * @property {number} malformed
 */

const HELLO_TIMEOUT_MS = 10_000;
/** A native messaging host that fails at once is not started more often. */
const RETRY_PAUSE_MS = 1000;
const MAX_MALFORMED = 100;
const MAX_COMPONENTS = 8;

/** The way to the native messaging host; one for the whole extension. */
export class NativePort {
  /**
   * Takes what belongs to a document.
   * @type {(message: Message) => void}
   */
  onMessage = () => {};
  /**
   * Takes document.status.
   * @type {(params: Record<string, unknown>) => void}
   */
  onStatus = () => {};
  /**
   * Called on every change of the link.
   * @type {(link: Link) => void}
   */
  onLink = () => {};

  /** @type {Link} */
  #link = { state: 'idle', components: [] };
  /** @type {Connection|undefined} */
  #connection;
  /** @type {Promise<void>|undefined} */
  #attempt;
  #failedAt = -Infinity;
  /** Tells the endpoint that calls of an earlier connection have ended here. */
  #instance = crypto.randomUUID();
  #browser;
  #logs;
  #now;

  /**
   * @param {import('./browser.js').Browser} browser
   * @param {import('./logs.js').Logs} logs
   * @param {() => number} [now] milliseconds
   */
  constructor(browser, logs, now = () => performance.now()) {
    this.#browser = browser;
    this.#logs = logs;
    this.#now = now;
  }

  get link() {
    return this.#link;
  }

  /**
   * Connects unless connected: starts the native messaging host, or says hello
   * again to one that has lost the endpoint behind it. Never rejects: the link says how it went, and
   * says again that it is lost when there is nothing to try now.
   * @returns {Promise<void>} settled when the link is connected or lost
   */
  connect() {
    if (this.#link.state === 'connected') return Promise.resolve();
    if (this.#link.state === 'lost' && this.#now() - this.#failedAt < RETRY_PAUSE_MS) {
      this.onLink(this.#link);
      return Promise.resolve();
    }
    if (!this.#attempt) {
      const attempt = this.#open().finally(() => {
        if (this.#attempt === attempt) this.#attempt = undefined;
      });
      this.#attempt = attempt;
    }
    return this.#attempt;
  }

  /** Lets the native messaging host go; nobody needs it now. */
  close() {
    const connection = this.#connection;
    if (!connection) return;
    this.#forget(connection, 'The connection was closed.');
    connection.port.disconnect();
    this.#change({ state: 'idle', components: this.#link.components });
  }

  /**
   * Sends a message of a document.
   * @param {Message} message
   * @returns {boolean} false when there is no connection or the browser refuses the message
   */
  send(message) {
    if (!this.#connection || this.#link.state !== 'connected') return false;
    return this.#post(this.#connection, message);
  }

  /**
   * A request of the extension's own.
   * @param {string} method
   * @param {object} [params]
   * @param {number} [timeoutMs]
   * @returns {Promise<any>} the result; rejects with an Error whose message is for people
   */
  request(method, params, timeoutMs = 5000) {
    const connection = this.#connection;
    if (!connection) return Promise.reject(new Error(this.#reason()));
    return connection.requests.ask(method, params, timeoutMs);
  }

  async #open() {
    this.#change({ state: 'connecting', components: this.#link.components });
    const component = { name: 'extension', version: this.#browser.extensionVersion(), platform: await this.#browser.platform() };
    const connection = this.#connection ?? this.#start();
    let hello;
    try {
      hello = await connection.requests.ask(Method.Hello, { version: PROTOCOL_VERSION, component, instance: this.#instance }, HELLO_TIMEOUT_MS);
    } catch (error) {
      this.#lose(connection, faultOfHello(/** @type {Error} */ (error)), String(error));
      return;
    }
    if (this.#connection !== connection) return;
    if (!isRecord(hello) || hello.version !== PROTOCOL_VERSION) {
      this.#lose(connection, OTHER_VERSION, 'version');
      return;
    }
    this.#failedAt = -Infinity;
    this.#change({ state: 'connected', components: readComponents(hello.components) });
  }

  #start() {
    /** @type {Connection} */
    const connection = {
      requests: new Requests(message => this.#post(connection, message)),
      malformed: 0,
      port: this.#browser.connectNative(NATIVE_HOST_NAME, {
        onMessage: message => this.#receive(connection, message),
        onDisconnect: reason => {
          this.#lose(connection, faultOfDisconnect(reason, this.#link.state === 'connecting'), reason);
        },
      }),
    };
    this.#connection = connection;
    return connection;
  }

  /**
   * @param {Connection} connection
   * @param {Message} message
   */
  #post(connection, message) {
    try {
      connection.port.postMessage(message);
      return true;
    } catch (error) {
      this.#logs.warn('message not sent', { method: message.method, error: String(error) });
      return false;
    }
  }

  /**
   * @param {Connection} connection
   * @param {unknown} raw
   */
  #receive(connection, raw) {
    if (this.#connection !== connection) return;
    const fault = nativeFault(raw);
    if (fault) {
      this.#logs.warn('malformed message from the native messaging host', { fault });
      if (++connection.malformed >= MAX_MALFORMED) {
        this.#lose(connection, faultOfDisconnect('error when communicating'), 'malformed messages');
      }
      return;
    }
    const message = /** @type {Message} */ (raw);
    if (message.doc) this.onMessage(message);
    else if (message.method === Method.LinkChanged) this.#farLinkChanged(isRecord(message.params) ? message.params : {});
    else if (message.method === Method.DocumentStatus) this.onStatus(isRecord(message.params) ? message.params : {});
    else connection.requests.settle(message);
  }

  /**
   * The endpoint behind the native messaging host was lost; hello brings it
   * back.
   * @param {Record<string, unknown>} params LinkChangedEvent
   */
  #farLinkChanged({ state, reason }) {
    if (this.#link.state !== 'connected' || state !== LinkState.LinkLost) return;
    const fault = faultOfLink(String(reason ?? '').slice(0, Limit.MaxString));
    this.#change({ state: 'lost', fault, broken: true, components: this.#link.components });
  }

  /**
   * @param {Connection} connection
   * @param {LinkFault} fault
   * @param {string} cause for the log
   */
  #lose(connection, fault, cause) {
    if (this.#connection !== connection) return;
    const broken = this.#link.state !== 'connecting';
    if (!broken) this.#failedAt = this.#now();
    this.#forget(connection, wordsOf(fault));
    connection.port.disconnect();
    this.#logs.warn('native messaging host lost', { cause });
    this.#change({ state: 'lost', fault, broken, components: this.#link.components });
  }

  /**
   * @param {Connection} connection
   * @param {string} reason
   */
  #forget(connection, reason) {
    this.#connection = undefined;
    this.#attempt = undefined;
    connection.requests.refuseAll(reason);
  }

  /** @param {Link} link */
  #change(link) {
    this.#link = link;
    this.#logs.info('link', { state: link.state, reason: link.fault?.summary ?? '' });
    this.onLink(link);
  }

  #reason() {
    return this.#link.fault ? wordsOf(this.#link.fault) : 'The native messaging host is not connected.';
  }
}

/**
 * @param {unknown} components of HelloResult
 * @returns {Component[]}
 */
function readComponents(components) {
  if (!Array.isArray(components)) return [];
  return components.slice(0, MAX_COMPONENTS).filter(isRecord).map(({ name, version, platform }) =>
    ({ name: text(name), version: text(version), platform: text(platform) }));
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value.slice(0, 64) : '';
}

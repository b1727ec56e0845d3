/**
 * RTCDtlsTransport (WebRTC 1.0, section 5.5) and the state of the one transport
 * that a redirected connection has.
 * @module
 */
import { arrayMap } from './natives.js';
import { EventTarget, defineHandlers } from './event-target.js';
import { defineInterface, guard, internal } from './idl.js';
import { fromBase64 } from './base64.js';
import { RTCIceTransport } from './ice-transport.js';

export class RTCDtlsTransport extends EventTarget {
  /** @type {Transport} */
  #transport;

  constructor() {
    guard(arguments[0]);
    super();
    this.#transport = arguments[1];
  }

  get iceTransport() {
    return this.#transport.ice;
  }

  get state() {
    return this.#transport.state.dtlsState;
  }

  getRemoteCertificates() {
    return arrayMap(this.#transport.state.remoteCertificates ?? [],
      (/** @type {string} */ der) => fromBase64(der).buffer);
  }
}
defineHandlers(RTCDtlsTransport, ['statechange', 'error']);
defineInterface(RTCDtlsTransport);

/** The transport's state and its two objects. */
export class Transport {
  /** @param {any} state the protocol's Transport */
  constructor(state) {
    this.state = state;
    this.ice = construct(RTCIceTransport, this);
    this.dtls = construct(RTCDtlsTransport, this);
  }
}

/**
 * @param {any} Class
 * @param {Transport} transport
 */
function construct(Class, transport) {
  return new Class(internal, transport);
}

/**
 * RTCSctpTransport (WebRTC 1.0, section 6.1.1).
 * @module
 */
import { EventTarget, defineHandlers } from './event-target.js';
import { defineInterface, guard, internal } from './idl.js';

/** The state of the association and its object. */
export class Sctp {
  /**
   * @param {any} state the protocol's SCTP
   * @param {() => any} transport the RTCDtlsTransport
   */
  constructor(state, transport) {
    this.state = state;
    this.transport = transport;
    this.object = construct(this);
  }
}

export class RTCSctpTransport extends EventTarget {
  /** @type {Sctp} */
  #sctp;

  constructor() {
    guard(arguments[0]);
    super();
    this.#sctp = arguments[1];
  }

  get transport() {
    return this.#sctp.transport();
  }

  get state() {
    return this.#sctp.state.state;
  }

  get maxMessageSize() {
    return this.#sctp.state.maxMessageSize || Infinity;
  }

  get maxChannels() {
    return this.#sctp.state.maxChannels || null;
  }
}
defineHandlers(RTCSctpTransport, ['statechange']);
defineInterface(RTCSctpTransport);

/** @param {Sctp} sctp */
function construct(sctp) {
  const Class = /** @type {any} */ (RTCSctpTransport);
  return new Class(internal, sctp);
}

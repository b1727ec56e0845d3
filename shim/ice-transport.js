/**
 * RTCIceTransport (WebRTC 1.0, section 5.6).
 * @module
 */
import { arrayMap } from './natives.js';
import { EventTarget, defineHandlers } from './event-target.js';
import { candidateObject } from './ice-candidate.js';
import { defineInterface, guard } from './idl.js';

/** @typedef {import('./dtls-transport.js').Transport} Transport */

export class RTCIceTransport extends EventTarget {
  /** @type {Transport} */
  #transport;

  constructor() {
    guard(arguments[0]);
    super();
    this.#transport = arguments[1];
  }

  get role() {
    return this.#transport.state.iceRole || null;
  }

  get state() {
    return this.#transport.state.iceState;
  }

  get gatheringState() {
    return this.#transport.state.gatheringState;
  }

  getLocalCandidates() {
    return arrayMap(this.#transport.state.localCandidates ?? [], candidateObject);
  }

  getLocalParameters() {
    return copy(this.#transport.state.localParameters);
  }

  getRemoteCandidates() {
    return arrayMap(this.#transport.state.remoteCandidates ?? [], candidateObject);
  }

  getRemoteParameters() {
    return copy(this.#transport.state.remoteParameters);
  }

  getSelectedCandidatePair() {
    const pair = this.#transport.state.selectedPair;
    return pair ? { local: candidateObject(pair.local), remote: candidateObject(pair.remote) } : null;
  }
}
defineHandlers(RTCIceTransport, ['statechange', 'gatheringstatechange', 'selectedcandidatepairchange']);
defineInterface(RTCIceTransport);

/** @param {any} parameters */
function copy(parameters) {
  return parameters ? { usernameFragment: parameters.usernameFragment, password: parameters.password } : null;
}

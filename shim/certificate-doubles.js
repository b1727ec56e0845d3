/**
 * Small doubles of the platform's certificates for unit tests. Import before
 * anything else of the shim. Never part of the bundle.
 * @module
 */
import './peer-doubles.js';

const global = /** @type {any} */ (globalThis);

global.RTCCertificate = class RTCCertificate {
  #expires = Date.now() + 1000 * 60 * 60;
  get expires() { return this.#expires; }
  getFingerprints() { return this.#expires && [{ algorithm: 'sha-256', value: 'native' }]; }
};
global.RTCPeerConnection.generateCertificate = async (/** @type {any} */ algorithm) => {
  if (algorithm === 'none') throw new DOMException('', 'NotSupportedError');
  return new global.RTCCertificate();
};

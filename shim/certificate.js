/**
 * RTCPeerConnection.generateCertificate (WebRTC 1.0, section 4.9). The
 * certificate is the platform's: pages check, store and compare it. The
 * endpoint's DTLS has its own.
 * @module
 */
import { RTCPeerConnection } from './natives.js';
import { domException } from './errors.js';

const generate = RTCPeerConnection?.generateCertificate?.bind(RTCPeerConnection);

/**
 * @param {any[]} args as the page passed them
 * @returns {Promise<any>} RTCCertificate
 */
export function generateCertificate(args) {
  if (!generate) throw domException('NotSupportedError', 'This browser generates no certificates.');
  return generate(...args);
}

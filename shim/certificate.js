/**
 * RTCPeerConnection.generateCertificate and RTCCertificate (WebRTC 1.0, section
 * 4.10). The objects are the platform's, so that pages can check and store
 * them; key and certificate on the wire are made by the endpoint, and the page
 * sees the fingerprint of those. One that the page got out of storage has lost
 * its other half: for it the endpoint uses a certificate of its own.
 * @module
 */
import {
  Promise, RTCCertificate, RTCPeerConnection, SafeWeakMap, arrayFilter, arrayForEach, arrayMap, getter, regExpTest, then, toLowerCase, uncurry,
} from './natives.js';
import { onLink, requestWith } from './channel.js';
import { domException } from './errors.js';
import { replaceMembers } from './idl.js';
import { Method } from './protocol.gen.js';

const generate = RTCPeerConnection?.generateCertificate?.bind(RTCPeerConnection);
/** In milliseconds since 1970. */
export const certificateExpires = getter(RTCCertificate?.prototype, 'expires');
const nativeFingerprints = RTCCertificate ? uncurry(RTCCertificate.prototype.getFingerprints) : () => [];

/** @typedef {{id: string, link: number, fingerprint: string}} Made link: counts the one that it came by */

/** What the endpoint has made, by the platform's certificate. @type {WeakMap<object, Made>} */
const made = new SafeWeakMap();
/** The links so far; the endpoint's half is lost with its link. */
let links = 0;
let lastId = 0;
onLink((state) => {
  if (state === 'lost') links++;
});

/** @param {any} window */
export function installCertificates(window) {
  if (!window.RTCCertificate) return;
  replaceMembers(window.RTCCertificate.prototype, {
    /** @this {any} */
    getFingerprints() {
      const known = made.get(this);
      if (!known) return nativeFingerprints(this);
      return [{ algorithm: 'sha-256', value: toLowerCase(known.fingerprint) }];
    },
  });
}

/**
 * @param {any[]} args as the page passed them
 * @returns {Promise<any>} RTCCertificate
 */
export function generateCertificate(args) {
  if (!generate) throw domException('NotSupportedError', 'This browser generates no certificates.');
  const [algorithm] = args;
  const name = typeof algorithm === 'string' ? algorithm : algorithm?.name;
  const keyType = regExpTest(/^rsa/i, `${name}`) ? 'rsa' : 'ecdsa';
  // The platform refuses what is no algorithm, and knows when it expires.
  return then(generate(...args), (/** @type {any} */ certificate) =>
    new Promise((/** @type {(value: any) => void} */ resolve) => {
      const id = `c${++lastId}`;
      requestWith(Method.CertificateGenerate, { certificate: id, keyType, expires: certificateExpires(certificate) }, {
        onResult: ({ fingerprint }) => {
          made.set(certificate, { id, link: links, fingerprint });
          resolve(certificate);
        },
        onError: () => resolve(certificate),
      });
    }));
}

/**
 * Gives up the endpoint's halves: the platform uses its own.
 * @param {any[]} certificates RTCCertificates
 */
export function keepNative(certificates) {
  arrayForEach(certificates, (/** @type {any} */ certificate) => { made.delete(certificate); });
}

/**
 * @param {any[]} certificates RTCCertificates
 * @returns {string[]} the endpoint's names of those that it has
 */
export function certificateNames(certificates) {
  const known = arrayMap(certificates, (/** @type {any} */ certificate) => made.get(certificate));
  const alive = arrayFilter(known, (/** @type {Made|undefined} */ each) => each?.link === links);
  return arrayMap(alive, (/** @type {Made} */ { id }) => id);
}

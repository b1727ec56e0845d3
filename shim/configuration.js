/**
 * RTCConfiguration: conversion, checks and copies (WebRTC 1.0, sections 4.2.1
 * and 4.4.1.6).
 * @module
 */
import { Boolean, TypeError, arrayMap, arraySlice, dateNow, regExpExec } from './natives.js';
import { certificateExpires, certificateNames } from './certificate.js';
import { domException } from './errors.js';
import { toDictionary, toEnum, toInteger, toSequence, toUSVString } from './conversions.js';

/**
 * @typedef {{urls: string[], username?: string, credential?: string}} IceServer
 * @typedef {object} Configuration
 * @property {IceServer[]} iceServers
 * @property {string} iceTransportPolicy
 * @property {string} bundlePolicy
 * @property {string} rtcpMuxPolicy
 * @property {number} iceCandidatePoolSize
 * @property {any[]} certificates
 * @property {boolean} encodedInsertableStreams Chromium's; matters to connections that the browser carries
 */

/** RFC 8489, section 14.3: a username is shorter than 509 bytes. */
const maxUsername = 508;

/**
 * Converts and checks a configuration.
 * @param {any} value what the page passed
 * @returns {Configuration} a copy with defaults filled in
 */
export function toConfiguration(value) {
  const from = toDictionary(value, 'RTCConfiguration');
  const {
    bundlePolicy = 'balanced', certificates = [], iceCandidatePoolSize = 0, iceServers = [], iceTransportPolicy = 'all',
    rtcpMuxPolicy = 'require', encodedInsertableStreams = false,
  } = from;
  return {
    bundlePolicy: toEnum(bundlePolicy, ['balanced', 'max-bundle', 'max-compat'], 'RTCBundlePolicy'),
    certificates: arrayMap(toSequence(certificates, 'certificates'), checkCertificate),
    encodedInsertableStreams: Boolean(encodedInsertableStreams),
    iceCandidatePoolSize: toInteger(iceCandidatePoolSize, 255, 'iceCandidatePoolSize'),
    iceTransportPolicy: toEnum(iceTransportPolicy, ['relay', 'all'], 'RTCIceTransportPolicy'),
    rtcpMuxPolicy: toEnum(rtcpMuxPolicy, ['negotiate', 'require'], 'RTCRtcpMuxPolicy'),
    iceServers: arrayMap(toSequence(iceServers, 'iceServers'), toIceServer),
  };
}

/** @param {any} certificate */
function checkCertificate(certificate) {
  let expires;
  try {
    expires = certificateExpires(certificate);
  } catch {
    throw new TypeError("Failed to read the 'certificates' property: Failed to convert value to 'RTCCertificate'.");
  }
  if (expires < dateNow()) throw domException('InvalidAccessError', 'Expired certificate(s).');
  return certificate;
}

/**
 * @param {any} value RTCIceServer; its former member `url` is taken as Chromium takes it
 * @returns {IceServer}
 */
function toIceServer(value) {
  const from = toDictionary(value, 'RTCIceServer');
  const given = from.urls ?? from.url;
  if (given === undefined) throw new TypeError('Malformed RTCIceServer');
  const urls = typeof given === 'object' && given !== null
    ? arrayMap(toSequence(given, 'urls'), toUSVString)
    : [toUSVString(given)];
  if (urls.length === 0) throw domException('SyntaxError', 'ICE server parsing failed: Empty uri.');
  const server = /** @type {IceServer} */ ({ urls });
  if (from.username !== undefined) server.username = toUSVString(from.username);
  if (from.credential !== undefined) server.credential = toUSVString(from.credential);
  for (const url of urls) checkUrl(url, server);
  return server;
}

/**
 * RFC 7064, section 3.1 and RFC 7065, section 3.1.
 * @param {string} url
 * @param {IceServer} server
 */
function checkUrl(url, { username, credential }) {
  const [, scheme, rest] = regExpExec(/^([a-z][a-z0-9+.-]*):(.*)$/i, url) ?? [];
  if (scheme === undefined) throw domException('SyntaxError', `'${url}' is not a valid URL.`);
  const turn = regExpExec(/^turns?$/i, scheme);
  if (!turn && !regExpExec(/^stuns?$/i, scheme)) {
    throw domException('SyntaxError', `'${url}' is not a valid stun or turn URL.`);
  }
  const [, host, , port, query] = regExpExec(/^([^:?/[\]\s]+|\[[0-9a-f:.]+\])(:([0-9]*))?(?:\?(.*))?$/i, rest) ?? [];
  if (host === undefined) throw domException('SyntaxError', 'ICE server parsing failed: Invalid hostname format');
  if (port !== undefined && !(port > 0 && port <= 65535)) {
    throw domException('SyntaxError', 'ICE server parsing failed: Invalid port');
  }
  if (query !== undefined && !turn) throw domException('SyntaxError', `'${url}' is not a valid stun or turn URL.`);
  if (query !== undefined && !regExpExec(/^transport=(udp|tcp)$/i, query)) {
    throw domException('SyntaxError', 'ICE server parsing failed: Transport parameter should always be udp or tcp.');
  }
  if (!turn) return;
  if (username === undefined || credential === undefined) {
    throw domException('InvalidAccessError',
      'Both username and credential are required when the URL scheme is "turn" or "turns".');
  }
  if (username === '' || credential === '') {
    throw domException('InvalidAccessError', 'ICE server parsing failed: TURN server with empty username or password');
  }
  if (username.length > maxUsername) {
    throw domException('InvalidAccessError', 'ICE server parsing failed: TURN server username is too long');
  }
}

/**
 * What may not change (WebRTC 1.0, section 4.4.1.6, steps 3 to 6).
 * @param {Configuration} old
 * @param {Configuration} next certificates are taken over from old when the page gave none
 * @param {boolean} described true once setLocalDescription has succeeded
 */
export function checkChange(old, next, described) {
  const refuse = () => domException('InvalidModificationError',
    "Attempted to modify the PeerConnection's configuration in an unsupported way.");
  if (next.certificates.length === 0) next.certificates = old.certificates;
  if (next.certificates.length !== old.certificates.length) throw refuse();
  for (let at = 0; at < old.certificates.length; at++) {
    if (next.certificates[at] !== old.certificates[at]) throw refuse();
  }
  if (next.bundlePolicy !== old.bundlePolicy || next.rtcpMuxPolicy !== old.rtcpMuxPolicy) throw refuse();
  if (described && next.iceCandidatePoolSize !== old.iceCandidatePoolSize) throw refuse();
}

/**
 * What getConfiguration returns: a copy, with the members that Chromium adds.
 * @param {Configuration} configuration
 */
export function copyConfiguration(configuration) {
  const { bundlePolicy, certificates, iceCandidatePoolSize, iceServers, iceTransportPolicy, rtcpMuxPolicy } = configuration;
  const { encodedInsertableStreams } = configuration;
  return {
    alwaysNegotiateDataChannels: false,
    bundlePolicy,
    certificates: arraySlice(certificates),
    encodedInsertableStreams,
    iceCandidatePoolSize,
    iceServers: arrayMap(iceServers, (/** @type {IceServer} */ { urls, username = '', credential = '' }) => ({
      credential, urls: arraySlice(urls), username,
    })),
    iceTransportPolicy,
    rtcpMuxPolicy,
  };
}

/**
 * The protocol's Configuration. RTP and RTCP are always multiplexed: the
 * endpoint knows nothing else.
 * @param {Configuration} configuration
 */
export function wireConfiguration({ bundlePolicy, certificates, iceCandidatePoolSize, iceServers, iceTransportPolicy }) {
  const names = certificateNames(certificates);
  return {
    iceServers, iceTransportPolicy, bundlePolicy, rtcpMuxPolicy: 'require', iceCandidatePoolSize,
    ...names.length > 0 && { certificates: names },
  };
}

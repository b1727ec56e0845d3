/**
 * Puts the redirected API in place of the platform's: the only module that
 * writes to a window.
 * @module
 */
import { defineProperty, entries, getOwnPropertyDescriptor, ownKeys } from './natives.js';
import { installCertificates } from './certificate.js';
import { RTCDataChannel } from './data-channel.js';
import { RTCDtlsTransport } from './dtls-transport.js';
import { RTCDTMFSender } from './dtmf-sender.js';
import { installFrameReaders } from './frame-readers.js';
import { installFrames } from './frames.js';
import { allowHandOver } from './hand-over.js';
import { RTCIceTransport } from './ice-transport.js';
import { installNativeLook } from './idl.js';
import { installMediaDevices } from './media-devices.js';
import { installMediaElements } from './media-elements.js';
import { installStreams } from './media-stream.js';
import { installTracks } from './media-stream-track.js';
import { installPageInterface } from './page-interface.js';
import { RTCPeerConnection } from './peer-connection.js';
import { RTCDataChannelEvent, RTCTrackEvent } from './peer-events.js';
import { RTCRtpReceiver } from './receiver.js';
import { RTCSctpTransport } from './sctp-transport.js';
import { RTCRtpSender } from './sender.js';
import { RTCStatsReport } from './stats-report.js';
import { RTCRtpTransceiver } from './transceiver.js';
import { installWebAudio } from './web-audio.js';

const interfaces = {
  RTCDataChannel, RTCDataChannelEvent, RTCDTMFSender, RTCDtlsTransport, RTCIceTransport, RTCPeerConnection,
  RTCRtpReceiver, RTCRtpSender, RTCRtpTransceiver, RTCSctpTransport, RTCStatsReport, RTCTrackEvent,
  webkitRTCPeerConnection: RTCPeerConnection,
};

/**
 * Redirects a window: the document's own, or that of a frame in which no
 * content script runs. Replaces only what the platform has.
 * @param {any} window
 */
export function install(window) {
  installNativeLook(window);
  if (window === globalThis) allowHandOver();
  for (const [name, Class] of entries(interfaces)) replaceInterface(window, name, Class);
  installCertificates(window);
  installTracks(window);
  installStreams(window);
  installMediaDevices(window);
  installMediaElements(window);
  installWebAudio(window);
  installFrameReaders(window);
  installPageInterface(window);
  installFrames(window, install);
}

/**
 * @param {any} window
 * @param {string} name
 * @param {any} Class
 */
function replaceInterface(window, name, Class) {
  const descriptor = getOwnPropertyDescriptor(window, name);
  if (!descriptor) return;
  // Static members beyond the standard stay the platform's.
  for (const key of ownKeys(descriptor.value)) {
    const member = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(descriptor.value, key));
    if (!getOwnPropertyDescriptor(Class, key)) defineProperty(Class, key, member);
  }
  defineProperty(window, name, { ...descriptor, value: Class });
}

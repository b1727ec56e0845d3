/**
 * Small doubles of the platform's peer connection for unit tests. Import before
 * anything else of the shim. Never part of the bundle.
 * @module
 */
import './media-doubles.js';

const global = /** @type {any} */ (globalThis);

class RTCRtpSender {
  #track;
  #dtmf;
  constructor(/** @type {any} */ track) {
    this.#track = track;
    this.#dtmf = track?.kind === 'video' ? null : new RTCDTMFSender();
  }
  get track() { return this.#track; }
  get dtmf() { return this.#dtmf; }
  async replaceTrack(/** @type {any} */ track) { this.#track = track; }
  async getStats() { return new RTCStatsReport(); }
}

class RTCDTMFSender extends EventTarget {
  get toneBuffer() { return 'native'; }
}

class RTCRtpReceiver {
  #track;
  constructor(/** @type {string} */ kind) { this.#track = new global.MediaStreamTrack(kind); }
  get track() { return this.#track; }
}

class RTCRtpTransceiver {
  #sender;
  #receiver;
  #direction;
  constructor(/** @type {any} */ trackOrKind, direction = 'sendrecv') {
    const kind = trackOrKind.kind ?? trackOrKind;
    this.#sender = new RTCRtpSender(trackOrKind.kind ? trackOrKind : null);
    this.#receiver = new RTCRtpReceiver(kind);
    this.#direction = direction;
  }
  get sender() { return this.#sender; }
  get receiver() { return this.#receiver; }
  get direction() { return this.#direction; }
  set direction(value) { this.#direction = value; }
  get mid() { return null; }
  stop() { this.#direction = 'stopped'; }
  setCodecPreferences(/** @type {any[]} */ codecs) { Object.assign(this, { preferred: codecs }); }
}

class RTCDataChannel extends EventTarget {
  constructor(/** @type {string} */ label, /** @type {any} */ init) {
    super();
    this.init = { label, ...init };
    this.type = '';
  }
  get label() { return this.init.label; }
  get binaryType() { return this.type; }
  set binaryType(type) { this.type = type; }
  get bufferedAmountLowThreshold() { return 0; }
  set bufferedAmountLowThreshold(_) {}
}

class RTCStatsReport extends Map {}

class RTCPeerConnection extends EventTarget {
  /** Every one that was made. @type {any[]} */
  static all = [];
  /** What the constructor throws, if anything. @type {any} */
  static refusal = null;
  #transceivers = /** @type {any[]} */ ([]);
  constructor(/** @type {any} */ configuration) {
    super();
    if (RTCPeerConnection.refusal) throw RTCPeerConnection.refusal;
    this.configuration = configuration;
    this.channels = /** @type {any[]} */ ([]);
    RTCPeerConnection.all.push(this);
  }
  static generateCertificate() {}
  get signalingState() { return 'native'; }
  addTrack(/** @type {any} */ track) { return this.addTransceiver(track).sender; }
  addTransceiver(/** @type {any} */ trackOrKind, init = /** @type {any} */ ({})) {
    const transceiver = new RTCRtpTransceiver(trackOrKind, init.direction);
    this.#transceivers.push(transceiver);
    return transceiver;
  }
  getTransceivers() { return [...this.#transceivers]; }
  getSenders() { return this.#transceivers.map(({ sender }) => sender); }
  getReceivers() { return this.#transceivers.map(({ receiver }) => receiver); }
  createDataChannel(/** @type {string} */ label, /** @type {any} */ init) {
    const channel = new RTCDataChannel(label, init);
    this.channels.push(channel);
    return channel;
  }
  async createOffer() { return { type: 'offer', sdp: 'native' }; }
  async setRemoteDescription() {}
  async setLocalDescription() {}
  addStream(/** @type {any} */ stream) { for (const track of stream.getTracks()) this.addTrack(track); }
  close() { Object.assign(this, { closed: true }); }
}

class RTCTrackEvent extends Event {
  constructor(/** @type {string} */ type, /** @type {any} */ init) {
    super(type);
    Object.assign(this, init);
  }
}

Object.assign(global, {
  RTCDataChannel, RTCDTMFSender, RTCPeerConnection, RTCRtpReceiver, RTCRtpSender, RTCRtpTransceiver, RTCStatsReport,
  RTCTrackEvent,
});

/**
 * What unit tests need and Node lacks: small doubles of the browser's media
 * interfaces, and the far side of the bridge. Import before anything else of
 * the shim. Never part of the bundle.
 * @module
 */
import { webcrypto } from 'node:crypto';

const global = /** @type {any} */ (globalThis);
global.crypto ??= webcrypto;

class MediaStreamTrack extends EventTarget {
  #id = crypto.randomUUID();
  #state = 'live';
  #enabled = true;
  constructor(kind = 'audio') {
    super();
    Object.defineProperty(this, 'testKind', { value: kind });
  }
  get id() { return this.#id; }
  get kind() { return /** @type {any} */ (this).testKind; }
  get label() { return 'native'; }
  get enabled() { return this.#enabled; }
  set enabled(value) { this.#enabled = value; }
  get muted() { return false; }
  get readyState() { return this.#state; }
  stop() { this.#state = 'ended'; }
  clone() { return new MediaStreamTrack(this.kind); }
  getSettings() { return {}; }
  getCapabilities() { return {}; }
  getConstraints() { return {}; }
  applyConstraints() { return Promise.resolve(); }
}

class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor({ kind = 'audio' } = {}) { super(kind); }
  get writable() {
    return { getWriter: () => ({ close: () => { super.stop(); return Promise.resolve(); } }) };
  }
}

class MediaStream extends EventTarget {
  #id = crypto.randomUUID();
  /** @type {Set<any>} */
  #tracks = new Set();
  constructor(/** @type {any} */ from = []) {
    super();
    for (const track of from instanceof MediaStream ? from.getTracks() : from) this.#tracks.add(track);
  }
  get id() { return this.#id; }
  get active() { return [...this.#tracks].some((track) => track.readyState === 'live'); }
  getTracks() { return [...this.#tracks]; }
  getAudioTracks() { return this.getTracks().filter((track) => track.kind === 'audio'); }
  getVideoTracks() { return this.getTracks().filter((track) => track.kind === 'video'); }
  getTrackById(/** @type {string} */ id) { return this.getTracks().find((track) => track.id === id) ?? null; }
  addTrack(/** @type {any} */ track) { this.#tracks.add(track); }
  removeTrack(/** @type {any} */ track) { this.#tracks.delete(track); }
  clone() { return new MediaStream(this.getTracks().map((track) => track.clone())); }
}

class MediaStreamTrackEvent extends Event {
  constructor(/** @type {string} */ type, /** @type {any} */ { track }) {
    super(type);
    this.track = track;
  }
}

class MediaStreamEvent extends Event {
  constructor(/** @type {string} */ type, /** @type {any} */ { stream }) {
    super(type);
    this.stream = stream;
  }
}

class OverconstrainedError extends DOMException {
  constructor(/** @type {string} */ constraint, message = '') {
    super(message, 'OverconstrainedError');
    this.constraint = constraint;
  }
}

class RTCError extends DOMException {
  constructor(/** @type {any} */ init, message = '') {
    super(message, 'OperationError');
    this.errorDetail = init.errorDetail;
    this.sdpLineNumber = init.sdpLineNumber ?? null;
  }
}

class RTCErrorEvent extends Event {
  constructor(/** @type {string} */ type, /** @type {any} */ { error }) {
    super(type);
    this.error = error;
  }
}

class RTCSessionDescription {
  constructor(/** @type {any} */ { type, sdp = '' }) { this.type = type; this.sdp = sdp; }
}

class RTCIceCandidate {
  constructor(/** @type {any} */ init = {}) {
    this.candidate = init.candidate ?? '';
    this.sdpMid = init.sdpMid ?? null;
    this.sdpMLineIndex = init.sdpMLineIndex ?? null;
    this.usernameFragment = init.usernameFragment ?? null;
  }
}

class RTCPeerConnectionIceEvent extends Event {
  constructor(/** @type {string} */ type, init = /** @type {any} */ ({})) {
    super(type);
    this.candidate = init.candidate ?? null;
    this.url = init.url ?? null;
  }
}

class RTCPeerConnectionIceErrorEvent extends Event {
  constructor(/** @type {string} */ type, /** @type {any} */ init) {
    super(type);
    Object.assign(this, init);
  }
}

class RTCDTMFToneChangeEvent extends Event {
  constructor(/** @type {string} */ type, init = /** @type {any} */ ({})) {
    super(type);
    this.tone = init.tone ?? '';
  }
}

for (const Class of [
  MediaStream, MediaStreamEvent, MediaStreamTrack, MediaStreamTrackEvent, MediaStreamTrackGenerator,
  OverconstrainedError, RTCError, RTCErrorEvent, RTCSessionDescription, RTCIceCandidate, RTCPeerConnectionIceEvent,
  RTCPeerConnectionIceErrorEvent, RTCDTMFToneChangeEvent,
]) global[Class.name] ??= Class;

/**
 * The far side of the bridge. Pass `window` to channel.js `open`, then drive
 * what arrives.
 *
 * @typedef {{id: number, method: string, params: any}} Request
 */
export class FakeBridge {
  window = new EventTarget();
  /** @type {Request[]} every request so far, in order */
  requests = [];
  /** @type {any} */
  #port;
  /** @type {any[]} */
  #ports = [];
  /** @type {((request: Request) => any) | undefined} result for a request, answered at once; throw {name, message} to refuse */
  answer;

  /** How often the shim said that it has seen a lost link. */
  lossesSeen = 0;

  /** While true, bridges that are offered are not taken. */
  deaf = false;

  constructor() {
    this.window.addEventListener('nearend:bridge', (event) => {
      const [port] = /** @type {any} */ (event).ports;
      if (this.deaf) {
        port.close();
        return;
      }
      this.#ports.push(port);
      this.#port = port;
      this.#port.onmessage = (/** @type {MessageEvent} */ { data }) => {
        if (data.method === 'link.lossSeen') {
          this.lossesSeen++;
          return;
        }
        this.requests.push(data);
        if (!this.answer) return;
        try {
          const result = this.answer(data);
          if (result !== undefined) this.#port.postMessage({ id: data.id, result });
        } catch (error) {
          this.#port.postMessage({ id: data.id, error });
        }
      };
    });
  }

  /** Sends any message to the shim. @param {any} message */
  send(message) { this.#port.postMessage(message); }

  /** Sends a notification. @param {string} method @param {any} params */
  notify(method, params) { this.send({ method, params }); }

  /** Replies to a request. @param {Request} request @param {any} [result] */
  reply(request, result = {}) { this.send({ id: request.id, result }); }

  /** Refuses a request. @param {Request} request @param {any} error */
  refuse(request, error) { this.send({ id: request.id, error }); }

  /** The requests of one method. @param {string} method */
  of(method) { return this.requests.filter((request) => request.method === method); }

  /** Waits until everything sent before has crossed the bridge both ways. */
  async settle() {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => { setImmediate(resolve); });
  }

  /** Closes all ports, so that a test run can end. */
  close() { for (const port of this.#ports) port.close(); }
}

/**
 * Small doubles of media elements and devices for unit tests. Import before
 * anything else of the shim. Never part of the bundle.
 * @module
 */
import './doubles.js';

const global = /** @type {any} */ (globalThis);

/** Whether the platform lets elements play; a page without a gesture: false. */
export const autoplay = { allowed: true };

class HTMLMediaElement extends EventTarget {
  #source = null;
  #paused = true;
  #muted = false;
  #volume = 1;
  #autoplay = false;
  #readyState = 0;
  get srcObject() { return this.#source; }
  set srcObject(value) { this.#source = value; this.#paused = true; this.#readyState = 0; }
  get paused() { return this.#paused; }
  get muted() { return this.#muted; }
  set muted(value) { this.#muted = !!value; }
  get volume() { return this.#volume; }
  set volume(value) {
    if (!(value >= 0 && value <= 1)) throw new DOMException('', 'IndexSizeError');
    this.#volume = value;
  }
  get autoplay() { return this.#autoplay; }
  set autoplay(value) { this.#autoplay = value; }
  get readyState() { return this.#readyState; }
  get currentTime() { return 0; }
  get sinkId() { return ''; }
  setSinkId() { return Promise.reject(new TypeError('1 argument required')); }
  load() { this.#paused = true; }
  play() {
    if (!autoplay.allowed) return Promise.reject(new DOMException('', 'NotAllowedError'));
    this.#paused = false;
    return Promise.resolve();
  }
  pause() { this.#paused = true; }
  /** The platform has loaded what the element plays. */
  loaded() {
    this.#readyState = 4;
    this.dispatchEvent(new Event('canplay'));
  }
}

class MediaDeviceInfo {
  /** @type {any} */
  #info;
  constructor(/** @type {any} */ info) { this.#info = info; }
  get deviceId() { return this.#info.deviceId; }
  get kind() { return this.#info.kind; }
  get label() { return this.#info.label; }
  get groupId() { return this.#info.groupId; }
  toJSON() { return this.#info; }
}

class InputDeviceInfo extends MediaDeviceInfo {
  getCapabilities() { return { native: true }; }
}

class MediaDevices extends EventTarget {
  #own = true;
  /** What reached the platform. @type {any[]} */
  static asked = [];
  /** What it gives. @type {any} */
  static result = 'native';
  async getUserMedia(/** @type {any} */ constraints) {
    MediaDevices.asked.push(constraints);
    if (!this.#own || !constraints?.audio && !constraints?.video) throw new TypeError('native');
    return MediaDevices.result;
  }
  async enumerateDevices() {
    return [
      new InputDeviceInfo({ kind: 'audioinput', deviceId: 'host-mic', label: '', groupId: '' }),
      new InputDeviceInfo({ kind: 'videoinput', deviceId: 'host-camera', label: '', groupId: '' }),
      new MediaDeviceInfo({ kind: 'audiooutput', deviceId: 'host-speaker', label: '', groupId: '' }),
    ];
  }
}

class Navigator {
  #mediaDevices = new MediaDevices();
  get mediaDevices() { return this.#mediaDevices; }
  getUserMedia() { throw new TypeError('native'); }
  webkitGetUserMedia() { throw new TypeError('native'); }
}

class BaseAudioContext extends EventTarget {
  #state = 'running';
  get state() { return this.#state; }
  /** @param {string} state */
  become(state) {
    this.#state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class AudioContext extends BaseAudioContext {
  /** @type {any} */
  #sinkId;
  constructor(/** @type {any} */ options = {}) {
    super();
    if (typeof options !== 'object') throw new TypeError('native');
    this.#sinkId = options?.sinkId ?? '';
  }
  get baseLatency() { return 0; }
  get sinkId() { return this.#sinkId; }
  /** As Chromium does it. @param {any} sinkId */
  async setSinkId(sinkId) {
    const { state } = this;
    if (state === 'running') this.become('suspended');
    await Promise.resolve();
    this.#sinkId = sinkId;
    this.dispatchEvent(new Event('sinkchange'));
    if (state === 'running') this.become('running');
  }
}

Object.assign(global, { BaseAudioContext, AudioContext, HTMLMediaElement, MediaDeviceInfo, InputDeviceInfo, MediaDevices, Navigator });
Object.defineProperty(global, 'navigator', { value: new Navigator(), configurable: true });
global.CustomEvent ??= class extends Event {
  constructor(/** @type {string} */ type, /** @type {any} */ { detail }) { super(type); this.detail = detail; }
};

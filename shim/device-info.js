/**
 * MediaDeviceInfo and InputDeviceInfo of the endpoint's devices: objects of the
 * platform's own interfaces that answer for the endpoint.
 * @module
 */
import { SafeWeakMap, create } from './natives.js';
import {
  InputDeviceInfo, MediaDeviceInfo, deviceCapabilities, deviceGroupId, deviceId, deviceKind, deviceLabel, deviceToJSON,
} from './media-natives.js';
import { replaceMembers } from './idl.js';

/** @typedef {import('./protocol.gen.js').DeviceInfo} DeviceInfo */

/** @type {WeakMap<object, DeviceInfo>} */
const infos = new SafeWeakMap();

/**
 * @param {DeviceInfo} device
 * @returns {any} a MediaDeviceInfo
 */
export function createDeviceInfo(device) {
  const Interface = device.kind === 'audioinput' && InputDeviceInfo ? InputDeviceInfo : MediaDeviceInfo;
  const info = create(Interface.prototype);
  infos.set(info, device);
  return info;
}

/** @param {any} window */
export function installDeviceInfo(window) {
  if (!window.MediaDeviceInfo) return;
  replaceMembers(window.MediaDeviceInfo.prototype, members);
  if (window.InputDeviceInfo) replaceMembers(window.InputDeviceInfo.prototype, inputMembers);
}

/** Media Capture and Streams, section 9.1.2. */
const members = {
  /** @this {any} */
  get deviceId() {
    return infos.get(this)?.deviceId ?? deviceId(this);
  },
  /** @this {any} */
  get kind() {
    return infos.get(this)?.kind ?? deviceKind(this);
  },
  /** @this {any} */
  get label() {
    return infos.get(this)?.label ?? deviceLabel(this);
  },
  /** @this {any} */
  get groupId() {
    return infos.get(this)?.groupId ?? deviceGroupId(this);
  },
  /** @this {any} */
  toJSON() {
    const info = infos.get(this);
    if (!info) return deviceToJSON(this);
    return { deviceId: info.deviceId, kind: info.kind, label: info.label, groupId: info.groupId };
  },
};

/**
 * Media Capture and Streams, section 9.1.3: nothing is told about a device
 * that the page has no permission for, which is one whose id it does not know.
 */
const inputMembers = {
  /** @this {any} */
  getCapabilities() {
    const info = infos.get(this);
    if (!info) return deviceCapabilities(this);
    if (!info.deviceId) return {};
    return {
      autoGainControl: [true, false],
      channelCount: { max: 2, min: 1 },
      deviceId: info.deviceId,
      echoCancellation: [true, false],
      groupId: info.groupId,
      noiseSuppression: [true, false],
      sampleRate: { max: 48000, min: 48000 },
      sampleSize: { max: 16, min: 16 },
    };
  },
};

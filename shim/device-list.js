/**
 * The endpoint's audio devices.
 * @module
 */
import { SafeSet, arrayFind, arrayFrom, then } from './natives.js';
import { on, onLink, request } from './channel.js';
import { domException } from './errors.js';
import { Method } from './protocol.gen.js';

/** @typedef {import('./protocol.gen.js').DeviceInfo} DeviceInfo */

/** The last list seen; undefined when it may be stale. @type {DeviceInfo[] | undefined} */
let known;
/** @type {Set<() => void>} */
const observers = new SafeSet();

/** Follows the endpoint's list. Called once. */
export function followDevices() {
  on(Method.DevicesChanged, (/** @type {any} */ { devices }) => {
    known = devices ?? [];
    for (const observer of arrayFrom(observers)) observer();
  });
  onLink(() => { known = undefined; });
}

/**
 * Calls observer after the list changed.
 * @param {() => void} observer
 */
export function onDevicesChange(observer) {
  observers.add(observer);
}

/**
 * Asks the endpoint for its devices.
 * @returns {Promise<DeviceInfo[]>} inputs first
 */
export function listDevices() {
  return then(request(Method.DevicesEnumerate), (/** @type {any} */ { devices }) => {
    known = devices ?? [];
    return known;
  });
}

/**
 * Finds an output device (Audio Output Devices API, section 2.2 "setSinkId").
 * @param {string} id
 * @returns {Promise<void>} rejects with NotFoundError when the endpoint has no such output
 */
export async function requireOutput(id) {
  if (id === 'default' || isOutput(known, id)) return;
  if (!isOutput(await listDevices(), id)) throw domException('NotFoundError', 'Requested device not found');
}

/**
 * @param {any} id a device's or a group's
 * @returns {boolean} whether it is of the endpoint, as the page has last seen it
 */
export function isOfEndpoint(id) {
  return arrayFind(known ?? [], (/** @type {DeviceInfo} */ { deviceId, groupId }) => deviceId === id || groupId === id) !== undefined;
}

/** @param {DeviceInfo[] | undefined} devices @param {string} id */
function isOutput(devices, id) {
  return arrayFind(devices ?? [], (/** @type {DeviceInfo} */ device) =>
    device.kind === 'audiooutput' && device.deviceId === id) !== undefined;
}

/**
 * Who may use the microphone. The endpoint's microphone needs no permission of
 * the session host's browser, so a refusal there does not count; a grant does.
 * @module
 */
import { arrayIncludes, getter, uncurry } from './natives.js';
import { Permissions } from './media-natives.js';

const global = /** @type {any} */ (globalThis);
const policyOf = getter(global.Document?.prototype, 'featurePolicy');
const allows = global.FeaturePolicy && uncurry(global.FeaturePolicy.prototype.allowsFeature);
const features = global.FeaturePolicy && uncurry(global.FeaturePolicy.prototype.features);
const query = Permissions && uncurry(Permissions.prototype.query);
const permissionState = getter(global.PermissionStatus?.prototype, 'state');
const permissions = global.navigator?.permissions;
const document = global.document;

let granted = false;

/** Notes that this document was given the endpoint's microphone. */
export function noteGrant() {
  granted = true;
}

/**
 * Whether the page may know the devices by name (Media Capture and Streams,
 * section 9.2.1 "device information can be exposed").
 * @returns {Promise<boolean>}
 */
export async function microphoneGranted() {
  if (granted || !permissions || !query) return granted;
  try {
    return permissionState(await query(permissions, { name: 'microphone' })) === 'granted';
  } catch {
    return granted;
  }
}

/**
 * Permissions Policy, section 9.7: whether the document may use a feature. One
 * that the platform does not know is allowed.
 * @param {string} feature
 * @returns {boolean}
 */
export function allowsFeature(feature) {
  const policy = document && policyOf(document);
  if (!policy || !arrayIncludes(features(policy), feature)) return true;
  return allows(policy, feature);
}

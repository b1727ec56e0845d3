/**
 * Who may use the microphone. The endpoint's microphone needs no permission of
 * the session host's browser, so a refusal there does not count; a grant does,
 * and so does a microphone that this document was given.
 *
 * @module
 */
import { SafeSet, SafeWeakSet, arrayFrom, arrayIncludes, getter, then, uncurry } from './natives.js';
import { Permissions, WeakRef } from './media-natives.js';
import { fire } from './event-target.js';
import { replaceMembers } from './idl.js';

const global = /** @type {any} */ (globalThis);
const policyOf = getter(global.Document?.prototype, 'featurePolicy');
const allows = global.FeaturePolicy && uncurry(global.FeaturePolicy.prototype.allowsFeature);
const features = global.FeaturePolicy && uncurry(global.FeaturePolicy.prototype.features);
const query = Permissions && uncurry(Permissions.prototype.query);
const nativeState = getter(global.PermissionStatus?.prototype, 'state');
const permissions = global.navigator?.permissions;
const document = global.document;

let granted = false;
/** PermissionStatus objects of the microphone. @type {WeakSet<object>} */
const statuses = new SafeWeakSet();
/** Those that have to hear of a grant. @type {Set<{deref(): any}>} */
const waiting = new SafeSet();

/** @param {any} window */
export function installPermissions(window) {
  if (!query || !window.Permissions) return;
  replaceMembers(window.Permissions.prototype, {
    /** @this {any} @param {any} descriptor */
    query(descriptor) {
      const microphone = descriptor?.name === 'microphone';
      const answer = query(this, ...arguments);
      return microphone ? then(answer, follow) : answer;
    },
  });
  replaceMembers(window.PermissionStatus.prototype, {
    /** @this {any} */
    get state() {
      const state = nativeState(this);
      return statuses.has(this) ? stateOfMicrophone(state) : state;
    },
  });
}

/** @param {any} status PermissionStatus */
function follow(status) {
  statuses.add(status);
  if (stateOfMicrophone(nativeState(status)) !== 'granted') waiting.add(new WeakRef(status));
  return status;
}

/** @param {string} state of the browser's own microphone */
function stateOfMicrophone(state) {
  if (granted || state === 'granted') return 'granted';
  return allowsFeature('microphone') ? 'prompt' : 'denied';
}

/** Notes that this document was given the endpoint's microphone. */
export function noteGrant() {
  if (granted) return;
  granted = true;
  for (const reference of arrayFrom(waiting)) {
    const status = reference.deref();
    if (status && nativeState(status) !== 'granted') fire(status, 'change');
  }
  waiting.clear();
}

/**
 * Whether the page may know the devices by name (Media Capture and Streams,
 * section 9.2.1 "device information can be exposed").
 * @returns {Promise<boolean>}
 */
export async function microphoneGranted() {
  if (granted || !permissions || !query) return granted;
  try {
    return nativeState(await query(permissions, { name: 'microphone' })) === 'granted';
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

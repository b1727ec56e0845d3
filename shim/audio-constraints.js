/**
 * Constraints of audio as pages write them, turned into the protocol's
 * AudioConstraints (Media Capture and Streams, sections 5 and 11). Nothing here
 * touches the platform.
 * @module
 */
import {
  Number, String, Symbol, TypeError, arrayForEach, arrayIncludes, arrayMap, arrayPush, entries, isArray, keys,
} from './natives.js';

/**
 * How each constrainable property of audio converts its value.
 * @type {Record<string, {of: (value: any, name: string) => any, list?: boolean, members: string[]}>}
 */
const properties = {
  deviceId: { of: toText, list: true, members: ['exact', 'ideal'] },
  groupId: { of: toText, list: true, members: ['exact', 'ideal'] },
  sampleRate: { of: toUnsigned, members: ['exact', 'ideal', 'min', 'max'] },
  sampleSize: { of: toUnsigned, members: ['exact', 'ideal', 'min', 'max'] },
  channelCount: { of: toUnsigned, members: ['exact', 'ideal', 'min', 'max'] },
  latency: { of: toDouble, members: ['exact', 'ideal', 'min', 'max'] },
  echoCancellation: { of: toFlag, members: ['exact', 'ideal'] },
  autoGainControl: { of: toFlag, members: ['exact', 'ideal'] },
  noiseSuppression: { of: toFlag, members: ['exact', 'ideal'] },
};

/**
 * What Chromium's constraints from before the standard are called today.
 * @type {Record<string, string>}
 */
const legacyNames = {
  echoCancellation: 'echoCancellation',
  googEchoCancellation: 'echoCancellation',
  googEchoCancellation2: 'echoCancellation',
  googAutoGainControl: 'autoGainControl',
  googAutoGainControl2: 'autoGainControl',
  googNoiseSuppression: 'noiseSuppression',
  googNoiseSuppression2: 'noiseSuppression',
  sourceId: 'deviceId',
};

/**
 * @param {any} value boolean, MediaTrackConstraints, or nothing
 * @returns {{audio: any, given: any}} audio: protocol AudioConstraints; given: what getConstraints() returns
 * @throws {TypeError} when a value has no conversion to its IDL type
 */
export function parseAudioConstraints(value) {
  if (value === undefined || value === null || !isDictionary(value)) return { audio: {}, given: {} };
  if (value.mandatory !== undefined || value.optional !== undefined) return parseLegacy(value);
  const audio = parseSet(value, 'ideal');
  const given = pickGiven(value);
  if (value.advanced !== undefined) {
    const list = toList(value.advanced, 'advanced');
    // In an advanced set a bare value is required (section 11.1, "advanced").
    audio.advanced = arrayMap(list, (/** @type {any} */ set) => parseSet(dictionary(set, 'advanced'), 'exact'));
    given.advanced = arrayMap(list, pickGiven);
  }
  return { audio, given };
}

/**
 * Whether constraints ask for something else than a microphone: the sound of a
 * tab or of the system.
 * @param {any} value
 */
export function isScreenAudio(value) {
  const mandatory = isDictionary(value) ? value.mandatory : undefined;
  return isDictionary(mandatory) && mandatory.chromeMediaSource !== undefined;
}

/**
 * A deep copy of plain data.
 * @param {any} value
 * @returns {any}
 */
export function copyPlain(value) {
  if (isArray(value)) return arrayMap(value, copyPlain);
  if (!isDictionary(value)) return value;
  /** @type {any} */
  const copy = {};
  arrayForEach(entries(value), (/** @type {[string, any]} */ [key, member]) => { copy[key] = copyPlain(member); });
  return copy;
}

/**
 * @param {any} set MediaTrackConstraintSet
 * @param {'exact'|'ideal'} bare what a bare value means
 */
function parseSet(set, bare) {
  /** @type {any} */
  const out = {};
  arrayForEach(keys(properties), (/** @type {string} */ name) => {
    const value = set[name];
    if (value === undefined) return;
    const parsed = parseOne(value, name, bare);
    if (parsed) out[name] = parsed;
  });
  return out;
}

/**
 * @param {any} value
 * @param {string} name
 * @param {'exact'|'ideal'} bare
 */
function parseOne(value, name, bare) {
  const { of, list, members } = properties[name];
  if (value === null || (isDictionary(value) && !isArray(value))) {
    /** @type {any} */
    const out = {};
    arrayForEach(members, (/** @type {string} */ member) => {
      const given = value?.[member];
      if (given !== undefined) out[member] = list ? toTexts(given) : of(given, name);
    });
    return keys(out).length > 0 ? out : undefined;
  }
  return { [bare]: list ? toTexts(value) : of(value, name) };
}

/** @param {any} value MediaTrackConstraints with mandatory or optional */
function parseLegacy(value) {
  const mixed = arrayIncludes(arrayMap(keys(properties), (/** @type {string} */ name) => value[name] !== undefined), true);
  if (mixed || value.advanced !== undefined) {
    throw new TypeError('Malformed constraint: Cannot use both optional/mandatory and specific or advanced constraints.');
  }
  /** @type {any} */
  const audio = {};
  /** @param {any} set @param {'exact'|'ideal'} strength */
  const take = (set, strength) => {
    arrayForEach(entries(set), (/** @type {[string, any]} */ [old, given]) => {
      const name = legacyNames[old];
      if (!name || audio[name]) return;
      audio[name] = name === 'deviceId'
        ? { [strength]: [String(given)] }
        : { [strength]: given !== false && given !== 'false' };
    });
  };
  if (value.mandatory) take(dictionary(value.mandatory, 'mandatory'), 'exact');
  arrayForEach(toList(value.optional ?? [], 'optional'), (/** @type {any} */ set) => take(dictionary(set, 'optional'), 'ideal'));
  return { audio, given: copyPlain(value) };
}

/**
 * The known members of a set as the page gave them.
 * @param {any} set
 */
function pickGiven(set) {
  /** @type {any} */
  const out = {};
  arrayForEach(keys(properties), (/** @type {string} */ name) => {
    if (set[name] !== undefined) out[name] = copyPlain(set[name]);
  });
  return out;
}

/** @param {any} value */
function isDictionary(value) {
  return typeof value === 'object' && value !== null || typeof value === 'function';
}

/** @param {any} value @param {string} name */
function dictionary(value, name) {
  if (value === undefined || value === null) return {};
  if (!isDictionary(value)) throw new TypeError(`Failed to read the '${name}' property: The provided value is not of type '(object)'.`);
  return value;
}

/** @param {any} value @param {string} name @returns {any[]} */
function toList(value, name) {
  if (isArray(value)) return value;
  if (!isDictionary(value) || typeof value[Symbol.iterator] !== 'function') {
    throw new TypeError(`Failed to read the '${name}' property: The object must have a callable @@iterator property.`);
  }
  return [...value];
}

/** @param {any} value @returns {string[]} */
function toTexts(value) {
  if (!isArray(value)) return [toText(value)];
  /** @type {string[]} */
  const out = [];
  arrayForEach(value, (/** @type {any} */ each) => { arrayPush(out, toText(each)); });
  return out;
}

/** @param {any} value */
function toText(value) {
  return `${value}`;
}

/**
 * [Clamp] unsigned long (Web IDL, section 3.2.4.9): to the nearest, ties to
 * even.
 * @param {any} value
 */
function toUnsigned(value) {
  const number = Number(value);
  if (!(number > 0)) return 0;
  if (number >= 4294967295) return 4294967295;
  const rest = number % 1;
  const whole = number - rest;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}

/** @param {any} value @param {string} name */
function toDouble(value, name) {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new TypeError(`Failed to read the '${name}' property: The provided double value is non-finite.`);
  return number;
}

/**
 * Newer specifications let echoCancellation name what to cancel ("all",
 * "remote-only"): any name asks for cancellation.
 * @param {any} value
 */
function toFlag(value) {
  return !!value;
}

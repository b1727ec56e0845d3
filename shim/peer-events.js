/**
 * RTCTrackEvent and RTCDataChannelEvent (WebRTC 1.0, sections 5.7 and 6.3). The
 * platform's own refuse objects that it did not make; the other event
 * interfaces are the platform's.
 * @module
 */
import { Event, TypeError, freeze } from './natives.js';
import { toDictionary, toSequence } from './conversions.js';
import { defineInterface } from './idl.js';

export class RTCTrackEvent extends Event {
  #receiver;
  #track;
  #streams;
  #transceiver;

  /** @param {string} type @param {any} init RTCTrackEventInit */
  constructor(type, init) {
    construction(arguments, 'RTCTrackEvent');
    const from = toDictionary(init, 'RTCTrackEventInit');
    super(type, from);
    this.#receiver = member(from, 'receiver');
    this.#track = member(from, 'track');
    this.#streams = freeze(toSequence(from.streams ?? [], 'streams'));
    this.#transceiver = member(from, 'transceiver');
  }

  get receiver() {
    return this.#receiver;
  }

  get track() {
    return this.#track;
  }

  /** The same frozen array each time. */
  get streams() {
    return this.#streams;
  }

  get transceiver() {
    return this.#transceiver;
  }
}
defineInterface(RTCTrackEvent, { length: 2 });

export class RTCDataChannelEvent extends Event {
  #channel;

  /** @param {string} type @param {any} init RTCDataChannelEventInit */
  constructor(type, init) {
    construction(arguments, 'RTCDataChannelEvent');
    const from = toDictionary(init, 'RTCDataChannelEventInit');
    super(type, from);
    this.#channel = member(from, 'channel');
  }

  get channel() {
    return this.#channel;
  }
}
defineInterface(RTCDataChannelEvent, { length: 2 });

/** @param {IArguments} args @param {string} name */
function construction(args, name) {
  if (args.length >= 2) return;
  throw new TypeError(`Failed to construct '${name}': 2 arguments required, but only ${args.length} present.`);
}

/** @param {any} init @param {string} name */
function member(init, name) {
  if (init[name] === undefined || init[name] === null) {
    throw new TypeError(`Failed to read the '${name}' property: Required member is undefined.`);
  }
  return init[name];
}

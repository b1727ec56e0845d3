/**
 * RTCDataChannel (WebRTC 1.0, section 6.2).
 * @module
 */
import {
  Blob, Boolean, MessageEvent, RTCErrorEvent, TypeError, arrayFind, arrayFrom, arrayIncludes, arrayIndexOf, min,
} from './natives.js';
import { fromBase64 } from './base64.js';
import { required, toDictionary, toInteger, toUSVString } from './conversions.js';
import { domException, rtcError } from './errors.js';
import { EventTarget, defineHandlers, fire } from './event-target.js';
import { defineInterface, guard, internal } from './idl.js';
import { refuseClosed, tell } from './operations.js';
import { Outbox, sizeOf } from './outbox.js';
import { Limit, Method } from './protocol.gen.js';

/** What Chromium lets wait before send() refuses, in bytes. */
const maxBuffered = 16 << 20;

const order = ['connecting', 'open', 'closing', 'closed'];

/** The state of one RTCDataChannel. */
export class Channel {
  /**
   * @param {import('./connection.js').Connection} connection
   * @param {string} id the endpoint's name
   * @param {any} options the protocol's DataChannelOptions
   * @param {string} state readyState
   */
  constructor(connection, id, options, state) {
    this.connection = connection;
    this.id = id;
    this.options = options;
    /** The SCTP stream. @type {number|null} */
    this.stream = options.id ?? null;
    this.state = state;
    this.binaryType = 'arraybuffer';
    this.outbox = new Outbox(connection, id, () => fire(this.object, 'bufferedamountlow'));
    this.object = construct(this);
    connection.channels.set(id, this);
  }

  /**
   * Follows the underlying transport (sections 6.2.1 and 6.2.4). States only
   * move forward.
   * @param {string} state readyState
   * @param {number|undefined} stream
   * @param {any} error the protocol's Error, or undefined
   */
  change(state, stream, error) {
    if (stream !== undefined && stream !== null) this.stream = stream;
    if (arrayIndexOf(order, state) <= arrayIndexOf(order, this.state)) return;
    this.state = state;
    if (state === 'open') fire(this.object, 'open');
    if (state === 'closing') fire(this.object, 'closing');
    if (state !== 'closed') return;
    this.connection.channels.delete(this.id);
    this.outbox.clear();
    if (error) fire(this.object, errorEvent(error));
    fire(this.object, 'close');
  }

  /** @param {any} message the protocol's DataChannelMessageEvent */
  receive({ isBinary, text = '', binary = '' }) {
    if (this.state !== 'open') return;
    const data = isBinary ? fromBase64(binary).buffer : text;
    const whole = isBinary && this.binaryType === 'blob' ? new Blob([data]) : data;
    fire(this.object, new MessageEvent('message', { data: whole, origin: '' }));
  }
}

export class RTCDataChannel extends EventTarget {
  /** @type {Channel} */
  #channel;

  constructor() {
    guard(arguments[0]);
    super();
    this.#channel = arguments[1];
  }

  get label() {
    return this.#channel.options.label;
  }

  get ordered() {
    return this.#channel.options.ordered;
  }

  get maxPacketLifeTime() {
    return this.#channel.options.maxPacketLifeTime ?? null;
  }

  get maxRetransmits() {
    return this.#channel.options.maxRetransmits ?? null;
  }

  get protocol() {
    return this.#channel.options.protocol;
  }

  get negotiated() {
    return this.#channel.options.negotiated;
  }

  get id() {
    return this.#channel.stream;
  }

  get readyState() {
    return this.#channel.state;
  }

  get bufferedAmount() {
    return this.#channel.outbox.buffered;
  }

  get bufferedAmountLowThreshold() {
    return this.#channel.outbox.lowThreshold;
  }

  set bufferedAmountLowThreshold(value) {
    this.#channel.outbox.lowThreshold = toInteger(value, 0xffffffff, 'bufferedAmountLowThreshold');
  }

  get binaryType() {
    return this.#channel.binaryType;
  }

  set binaryType(value) {
    const channel = this.#channel;
    if (arrayIncludes(['blob', 'arraybuffer'], `${value}`)) channel.binaryType = `${value}`;
  }

  /** Chromium's former attribute. */
  get reliable() {
    const { maxPacketLifeTime, maxRetransmits } = this.#channel.options;
    return maxPacketLifeTime === undefined && maxRetransmits === undefined;
  }

  close() {
    const channel = this.#channel;
    if (channel.state === 'closing' || channel.state === 'closed') return;
    channel.state = 'closing';
    channel.outbox.finish(() => {
      if (!channel.connection.closed) tell(channel.connection, Method.DataChannelClose, { channel: channel.id });
    });
  }

  /** @param {any} data */
  send(data) {
    const channel = this.#channel;
    required(arguments, 1, "'send' on 'RTCDataChannel'");
    const payload = typeof data === 'object' && data !== null && sizeOf(data) !== undefined ? data : toUSVString(data);
    const size = /** @type {number} */ (sizeOf(payload));
    const { connection, outbox, state } = channel;
    if (state !== 'open') throw domException('InvalidStateError', "RTCDataChannel.readyState is not 'open'");
    const limit = min(connection.sctp?.state.maxMessageSize || Infinity, Limit.MaxDataChannelMessage);
    if (size > limit) throw new TypeError(`The message is larger than the ${limit} bytes that can be sent.`);
    if (outbox.buffered + size > maxBuffered) throw domException('OperationError', 'RTCDataChannel send queue is full');
    outbox.send(payload, size);
  }
}
defineHandlers(RTCDataChannel, ['open', 'bufferedamountlow', 'error', 'closing', 'close', 'message']);
defineInterface(RTCDataChannel);

/** @param {Channel} channel */
function construct(channel) {
  const Class = /** @type {any} */ (RTCDataChannel);
  return new Class(internal, channel);
}

/** @param {any} error the protocol's Error; section 6.2 wants an RTCErrorEvent */
function errorEvent({ detail, message }) {
  return new RTCErrorEvent('error', { error: rtcError(detail || 'data-channel-failure', `${message}`) });
}

/**
 * Creates a channel on the page and at the endpoint (section 6.1,
 * createDataChannel).
 * @param {import('./connection.js').Connection} connection
 * @param {any} label
 * @param {any} init RTCDataChannelInit
 * @returns {Channel}
 */
export function createChannel(connection, label, init) {
  const options = toOptions(label, toDictionary(init, 'RTCDataChannelInit'));
  refuseClosed(connection);
  const channels = /** @type {Channel[]} */ (arrayFrom(connection.channels.values()));
  if (options.id !== undefined && arrayFind(channels, (/** @type {Channel} */ { stream }) => stream === options.id)) {
    throw domException('OperationError', 'RTCDataChannel creation failed');
  }
  if (channels.length >= Limit.MaxDataChannels) {
    throw domException('OperationError', `A peer connection has at most ${Limit.MaxDataChannels} data channels.`);
  }
  const channel = new Channel(connection, `d${++connection.lastChannel}`, options, 'connecting');
  tell(connection, Method.DataChannelCreate, { channel: channel.id, options });
  return channel;
}

/**
 * RTCDataChannelInit (section 6.1, createDataChannel, steps 4 to 15).
 * @param {any} label
 * @param {any} from dictionary
 * @returns {any} the protocol's DataChannelOptions
 */
function toOptions(label, from) {
  const { id, maxPacketLifeTime, maxRetransmits, negotiated = false, ordered = true, protocol = '' } = from;
  const options = {
    label: toUSVString(label), protocol: toUSVString(protocol), ordered: Boolean(ordered), negotiated: Boolean(negotiated),
    ...maxPacketLifeTime !== undefined && { maxPacketLifeTime: toInteger(maxPacketLifeTime, 65535, 'maxPacketLifeTime') },
    ...maxRetransmits !== undefined && { maxRetransmits: toInteger(maxRetransmits, 65535, 'maxRetransmits') },
    ...id !== undefined && id !== null && Boolean(negotiated) && { id: toInteger(id, 65535, 'id') },
  };
  if (byteLength(options.label) > 65535) throw new TypeError('RTCDataChannel label too long');
  if (byteLength(options.protocol) > 65535) throw new TypeError('RTCDataChannel protocol too long');
  if (options.negotiated && options.id === undefined) {
    throw new TypeError('RTCDataChannel must have id set if negotiated is true');
  }
  if ('maxPacketLifeTime' in options && 'maxRetransmits' in options) {
    throw new TypeError('RTCDataChannel cannot have both max retransmits and max lifetime');
  }
  if (options.id === 65535) throw new TypeError('RTCDataChannel cannot have id > 65534');
  return options;
}

/** @param {string} text */
function byteLength(text) {
  return /** @type {number} */ (sizeOf(text));
}

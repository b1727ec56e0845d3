/**
 * What a data channel sends: its order, which a Blob must not break while it is
 * being read, and bufferedAmount (WebRTC 1.0, section 6.2).
 * @module
 */
import {
  ArrayBuffer, TextEncoder, Uint8Array, arrayPush, arrayShift, blobArrayBuffer, blobSize, getter, isView, then, uncurry,
  warn,
} from './natives.js';
import { toBase64 } from './base64.js';
import { send } from './operations.js';
import { Method } from './protocol.gen.js';

const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
const encode = uncurry(TextEncoder.prototype.encode);
const encoder = new TextEncoder();

/**
 * @param {any} data
 * @returns {number|undefined} bytes on the wire; undefined for what is no string, buffer, view or Blob
 */
export function sizeOf(data) {
  if (typeof data === 'string') return encode(encoder, data).length;
  if (isView(data)) return data.byteLength;
  for (const read of [bufferLength, blobSize]) {
    try {
      return read(data);
    } catch {
      // Of another interface.
    }
  }
  return undefined;
}

/** Messages on the way to the endpoint at a time; more wait here, so that a burst cannot fill its queues. */
const maxUnanswered = 256;

export class Outbox {
  /**
   * @param {import('./connection.js').Connection} connection
   * @param {string} channel the endpoint's name
   * @param {() => void} onLow called when buffered falls to lowThreshold or below
   */
  constructor(connection, channel, onLow) {
    this.connection = connection;
    this.channel = channel;
    this.onLow = onLow;
    this.lowThreshold = 0;
    /** Bytes that the page has sent, and of these those that have left the endpoint. */
    this.accepted = 0;
    this.departed = 0;
    /** What waits for a Blob that is being read, or for answers. @type {(() => void)[]} */
    this.waiting = [];
    this.reading = false;
    this.unanswered = 0;
  }

  /** bufferedAmount, in bytes. */
  get buffered() {
    return this.accepted - this.departed;
  }

  /**
   * @param {any} data string, buffer, view or Blob
   * @param {number} size
   */
  send(data, size) {
    this.accepted += size;
    const blob = typeof data !== 'string' && !isView(data) && !isBuffer(data);
    // The page may change a buffer after send(), so bytes are taken now.
    const message = blob ? null : encodeMessage(data);
    this.inOrder(() => {
      if (message) this.post(message);
      else this.read(data);
    });
  }

  /**
   * Runs steps once everything sent before is on its way.
   * @param {() => void} steps
   */
  finish(steps) {
    this.inOrder(steps);
  }

  /** @param {() => void} steps */
  inOrder(steps) {
    arrayPush(this.waiting, steps);
    this.proceed();
  }

  proceed() {
    while (!this.reading && this.unanswered < maxUnanswered && this.waiting.length > 0) arrayShift(this.waiting)();
  }

  /** @param {any} blob */
  read(blob) {
    this.reading = true;
    const proceed = () => {
      this.reading = false;
      this.proceed();
    };
    then(blobArrayBuffer(blob), (/** @type {ArrayBuffer} */ bytes) => {
      this.post(encodeMessage(bytes));
      proceed();
    }, (/** @type {any} */ error) => {
      warn('Nearend: a Blob could not be read and was not sent.', error);
      proceed();
    });
  }

  /**
   * A message that the endpoint refuses, because the channel has closed
   * meanwhile, is lost as on any channel that closes.
   * @param {object} message
   */
  post(message) {
    if (this.connection.closed || this.connection.lost) return;
    this.unanswered++;
    const answered = () => {
      this.unanswered--;
      this.proceed();
    };
    send(this.connection, Method.DataChannelSend, { channel: this.channel, ...message }, {
      onResult: answered, onError: answered,
    });
  }

  /**
   * Section 6.2, "bufferedAmountLowThreshold".
   * @param {number} sent bytes of all that have left the endpoint's buffer
   */
  depart(sent) {
    const before = this.buffered;
    this.departed = sent < this.accepted ? sent : this.accepted;
    if (before > this.lowThreshold && this.buffered <= this.lowThreshold) this.onLow();
  }

  /** Forgets what waits. bufferedAmount stays, as the specification says. */
  clear() {
    this.waiting = [];
  }
}

/** @param {any} data */
function isBuffer(data) {
  try {
    bufferLength(data);
    return true;
  } catch {
    return false;
  }
}

/** @param {any} data string, buffer or view */
function encodeMessage(data) {
  if (typeof data === 'string') return { text: data };
  const bytes = isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return { isBinary: true, binary: toBase64(bytes) };
}

/**
 * RTCDTMFSender (WebRTC 1.0, section 7).
 * @module
 */
import { RTCDTMFToneChangeEvent, Number, regExpTest, toUpperCase } from './natives.js';
import { EventTarget, defineHandlers, fire } from './event-target.js';
import { required } from './conversions.js';
import { domException } from './errors.js';
import { defineInterface, guard, internal } from './idl.js';
import { tell } from './operations.js';
import { Method } from './protocol.gen.js';

/** The state of one RTCDTMFSender. */
export class Dtmf {
  /** @param {import('./sender.js').Sender} sender */
  constructor(sender) {
    this.sender = sender;
    this.canInsert = false;
    this.toneBuffer = '';
    /** Insertions that the endpoint has not answered; tones before that belong to earlier ones. */
    this.pending = 0;
    this.object = construct(this);
  }

  /**
   * A tone starts, or all are played when tone is empty (section 7.2, "playout
   * task").
   * @param {string} tone
   * @param {string} remaining
   */
  changeTone(tone, remaining) {
    if (this.pending === 0) this.toneBuffer = remaining;
    fire(this.object, new RTCDTMFToneChangeEvent('tonechange', { tone }));
  }
}

export class RTCDTMFSender extends EventTarget {
  /** @type {Dtmf} */
  #dtmf;

  constructor() {
    guard(arguments[0]);
    super();
    this.#dtmf = arguments[1];
  }

  get canInsertDTMF() {
    const { sender, canInsert } = this.#dtmf;
    return canInsert && !sender.transceiver.stopping && !sender.transceiver.connection.closed;
  }

  get toneBuffer() {
    return this.#dtmf.toneBuffer;
  }

  /** @param {any} tones @param {any} [duration] @param {any} [interToneGap] */
  insertDTMF(tones, duration = 100, interToneGap = 70) {
    const dtmf = this.#dtmf;
    required(arguments, 1, "'insertDTMF' on 'RTCDTMFSender'");
    const wanted = toUpperCase(`${tones}`);
    const length = clamp(Number(duration), 40, 6000);
    const gap = clamp(Number(interToneGap), 30, 6000);
    if (!this.canInsertDTMF) {
      throw domException('InvalidStateError', "The 'canInsertDTMF' attribute is false: this sender cannot send DTMF.");
    }
    if (!regExpTest(/^[0-9A-D#*,]*$/, wanted)) {
      throw domException('InvalidCharacterError', 'Illegal characters in InsertDTMF tone argument');
    }
    dtmf.toneBuffer = wanted;
    dtmf.pending++;
    const { connection, id } = dtmf.sender.transceiver;
    tell(connection, Method.SenderInsertDTMF, { transceiver: id, tones: wanted, duration: length, gap }, () => {
      dtmf.pending--;
    });
  }
}
defineHandlers(RTCDTMFSender, ['tonechange']);
defineInterface(RTCDTMFSender, { lengths: { insertDTMF: 1 } });

/** @param {Dtmf} dtmf */
function construct(dtmf) {
  const Class = /** @type {any} */ (RTCDTMFSender);
  return new Class(internal, dtmf);
}

/** @param {number} value @param {number} min @param {number} max */
function clamp(value, min, max) {
  if (!(value > min)) return min;
  return value > max ? max : value - value % 1;
}

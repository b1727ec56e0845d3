/**
 * What a new remote description means for the tracks and streams of the far end
 * (WebRTC 1.0, section 4.4.1.5, steps "muteTracks", "removeList", "addList" and
 * "trackEventInits", and sections 5.1.1 to 5.1.3).
 * @module
 */
import { MediaStreamEvent, arrayFilter, arrayForEach, arrayIncludes, arrayMap, arrayPush } from './natives.js';
import { fire } from './event-target.js';
import { addRemoteTrack, createRemoteStream, removeRemoteTrack } from './media-stream.js';
import { RTCTrackEvent } from './peer-events.js';
import { receives } from './transceiver.js';

/** @typedef {import('./receiver.js').Receiver} Receiver */

/** Collects the changes of one snapshot, then gives them as events in order. */
export class RemoteTracks {
  /** @param {import('./connection.js').Connection} connection */
  constructor(connection) {
    this.connection = connection;
    /** @type {Receiver[]} */
    this.muted = [];
    /** @type {Receiver[]} */
    this.unmuted = [];
    /** @type {Receiver[]} */
    this.ended = [];
    /** @type {{stream: any, track: any}[]} */
    this.removals = [];
    /** @type {{stream: any, track: any}[]} */
    this.additions = [];
    /** @type {Receiver[]} */
    this.announced = [];
    /** Streams that this snapshot creates. @type {any[]} */
    this.created = [];
  }

  /**
   * @param {Receiver} receiver
   * @param {string|null} fired [[FiredDirection]] so far
   * @param {any} entry the protocol's Transceiver
   */
  take(receiver, fired, entry) {
    const receiving = receives(entry.firedDirection ?? null);
    const streams = receiving ? arrayMap(entry.receiver?.streams ?? [], (/** @type {string} */ id) => this.stream(id)) : [];
    this.associate(receiver, streams);
    if (receiving && !receives(fired)) arrayPush(this.announced, receiver);
    // A track that is no longer announced is muted at once, whatever still arrives (section 5.1.2).
    const muted = !receiving || entry.receiver?.muted !== false;
    if (muted !== receiver.muted) arrayPush(muted ? this.muted : this.unmuted, receiver);
  }

  /** @param {Receiver} receiver whose transceiver has stopped */
  end(receiver) {
    arrayPush(this.ended, receiver);
  }

  /**
   * Section 5.1.3, "set the associated remote streams".
   * @param {Receiver} receiver
   * @param {any[]} streams
   */
  associate(receiver, streams) {
    const { streams: old, track } = receiver;
    arrayForEach(old, (/** @type {any} */ stream) => {
      if (!arrayIncludes(streams, stream)) arrayPush(this.removals, { stream, track });
    });
    arrayForEach(streams, (/** @type {any} */ stream) => {
      if (!arrayIncludes(old, stream)) arrayPush(this.additions, { stream, track });
    });
    receiver.streams = streams;
  }

  /** @param {string} id */
  stream(id) {
    const { remoteStreams } = this.connection;
    let stream = remoteStreams.get(id);
    if (!stream) {
      stream = createRemoteStream(id);
      remoteStreams.set(id, stream);
      arrayPush(this.created, stream);
    }
    return stream;
  }

  /** Forgets the streams that no receiver is in any more. */
  abandoned() {
    const { remoteStreams, transceivers } = this.connection;
    /** @type {any[]} */
    const gone = [];
    remoteStreams.forEach((stream, id) => {
      const used = arrayFilter(transceivers, (/** @type {any} */ { receiver }) => arrayIncludes(receiver.streams, stream));
      if (used.length > 0) return;
      remoteStreams.delete(id);
      arrayPush(gone, stream);
    });
    return gone;
  }

  /**
   * The events in the order of section 4.4.1.5, with Chromium's addstream and
   * removestream where Chromium fires them.
   * @returns {(() => void)[]}
   */
  events() {
    const { object } = this.connection;
    /** @type {(() => void)[]} */
    const events = [];
    const each = (/** @type {any[]} */ list, /** @type {(item: any) => void} */ event) =>
      arrayForEach(list, (/** @type {any} */ item) => arrayPush(events, () => event(item)));
    each(this.muted, (receiver) => receiver.setMuted(true));
    each(this.removals, ({ stream, track }) => removeRemoteTrack(stream, track));
    each(this.additions, ({ stream, track }) => addRemoteTrack(stream, track));
    each(this.ended, (receiver) => receiver.end());
    each(this.created, (stream) => fire(object, new MediaStreamEvent('addstream', { stream })));
    each(this.abandoned(), (stream) => fire(object, new MediaStreamEvent('removestream', { stream })));
    each(this.announced, ({ track, object: receiver, streams, transceiver }) => {
      fire(object, new RTCTrackEvent('track', { receiver, track, streams, transceiver: transceiver.object }));
    });
    each(this.unmuted, (receiver) => receiver.setMuted(false));
    return events;
  }
}

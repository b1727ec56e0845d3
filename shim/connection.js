/**
 * The internal slots of one RTCPeerConnection, shared by the objects that
 * belong to it, and the registry of those that are open.
 * @module
 */
import { SafeMap, SafeSet, SafeWeakMap, arrayFrom } from './natives.js';

/**
 * @typedef {import('./configuration.js').Configuration} Configuration
 * @typedef {import('./transceiver.js').Transceiver} Transceiver
 * @typedef {import('./data-channel.js').Channel} Channel
 */

let lastId = 0;
/** @type {Map<string, Connection>} */
const open = new SafeMap();
/** Connections by the RTCPeerConnection. @type {WeakMap<object, Connection>} */
const behind = new SafeWeakMap();

export class Connection {
  /**
   * @param {any} object the RTCPeerConnection
   * @param {Configuration} configuration
   * @param {(connection: Connection, snapshot: any) => void} apply applies a snapshot; handed in because
   *   what it creates stands above this module
   */
  constructor(object, configuration, apply) {
    /** Unique within the document. */
    this.id = `p${++lastId}`;
    this.object = object;
    this.configuration = configuration;
    /** @param {any} snapshot */
    this.apply = (snapshot) => apply(this, snapshot);
    /** [[IsClosed]] */
    this.closed = false;
    /** Says why the endpoint has forgotten this connection; empty while it has not. */
    this.lost = '';
    /** Number of the last snapshot applied. */
    this.seq = 0;
    /** The protocol's States. */
    this.states = {
      signaling: 'stable', iceGathering: 'new', iceConnection: 'new', connection: 'new', negotiationNeeded: false,
      canTrickle: /** @type {boolean|null} */ (null),
    };
    /** The four description slots. @type {Record<string, any>} */
    this.descriptions = { currentLocal: null, pendingLocal: null, currentRemote: null, pendingRemote: null };
    /** In the order of getTransceivers. @type {Transceiver[]} */
    this.transceivers = [];
    /** Streams of the far end by id. @type {Map<string, any>} */
    this.remoteStreams = new SafeMap();
    /** Data channels by the endpoint's id. @type {Map<string, Channel>} */
    this.channels = new SafeMap();
    /** The transport that everything is bundled on. @type {import('./dtls-transport.js').Transport|null} */
    this.transport = null;
    /** @type {import('./sctp-transport.js').Sctp|null} */
    this.sctp = null;
    /** Operations in the chain (WebRTC 1.0, section 4.4.1.2) that have not settled. */
    this.chain = 0;
    /** True once negotiationneeded has fired for the flag's present true. */
    this.negotiationFired = false;
    this.negotiationQueued = false;
    this.lastTransceiver = 0;
    this.lastChannel = 0;
    /** What ends the requests that the endpoint has not answered. @type {Set<() => void>} */
    this.unanswered = new SafeSet();
    /** The last report, for getStats after close. @type {any} */
    this.lastStats = null;
    open.set(this.id, this);
    behind.set(object, this);
  }

  /** Ends the connection for the endpoint: nothing more is taken from it, not even replies. */
  forget() {
    open.delete(this.id);
    for (const end of arrayFrom(this.unanswered)) end();
    this.unanswered.clear();
  }
}

/** @param {string} id @returns {Connection|undefined} */
export function connectionOf(id) {
  return open.get(id);
}

/** @param {any} object @returns {Connection|undefined} undefined for what is no redirected RTCPeerConnection */
export function connectionBehind(object) {
  return behind.get(object);
}

/** @returns {Connection[]} those that are not closed */
export function openConnections() {
  return arrayFrom(open.values());
}

/**
 * The one place where the endpoint's view of a peer connection becomes the
 * page's: slots first, then the events that follow from the difference, in the
 * order of WebRTC 1.0, sections 4.4.1.5, 4.4.1.4 and 5.6.
 * @module
 */
import { arrayFind, arrayForEach, arrayIncludes, arrayPush } from './natives.js';
import { fire } from './event-target.js';
import { Transport } from './dtls-transport.js';
import { negotiationChanged, updateNegotiation } from './negotiation.js';
import { Sctp } from './sctp-transport.js';
import { descriptionObject } from './session-description.js';
import { RemoteTracks } from './remote-tracks.js';
import { Transceiver, sends } from './transceiver.js';

/** @typedef {import('./connection.js').Connection} Connection */

/**
 * Applies a snapshot. Does nothing for one that is missing, was applied before
 * or comes after close. Stops firing when a handler closes the connection.
 * @param {Connection} connection
 * @param {any} snapshot the protocol's Snapshot
 */
export function applySnapshot(connection, snapshot) {
  if (!snapshot || connection.closed || !(snapshot.seq > connection.seq)) return;
  connection.seq = snapshot.seq;
  const { signaling } = connection.states;
  const { states, descriptions, transceivers, transport, sctp } = snapshot;
  /** @type {(() => void)[]} */
  const signalingEvents = [];
  /** @type {(() => void)[]} */
  const transportEvents = [];
  if (descriptions) takeDescriptions(connection, descriptions);
  if (transport) takeTransport(connection, transport, transportEvents);
  if (states) takeStates(connection, states, signalingEvents, transportEvents);
  if (sctp) takeSctp(connection, sctp, transportEvents);
  const tracks = new RemoteTracks(connection);
  if (transceivers) takeTransceivers(connection, transceivers, tracks);
  for (const event of [...signalingEvents, ...tracks.events(), ...transportEvents]) {
    if (connection.closed) return;
    event();
  }
  if (states) negotiationChanged(connection, signaling);
  updateNegotiation(connection);
}

/** @param {Connection} connection @param {any} next */
function takeDescriptions({ descriptions }, next) {
  for (const slot of ['currentLocal', 'pendingLocal', 'currentRemote', 'pendingRemote']) {
    descriptions[slot] = descriptionObject(descriptions[slot], next[slot]);
  }
}

/**
 * @param {Connection} connection
 * @param {any} next the protocol's States
 * @param {(() => void)[]} signalingEvents
 * @param {(() => void)[]} transportEvents
 */
function takeStates(connection, next, signalingEvents, transportEvents) {
  const { object, states: old } = connection;
  const states = { ...next, negotiationNeeded: next.negotiationNeeded === true, canTrickle: next.canTrickle ?? null };
  connection.states = states;
  const changed = (/** @type {string} */ type) => () => fire(object, type);
  if (old.signaling !== next.signaling) arrayPush(signalingEvents, changed('signalingstatechange'));
  if (old.iceConnection !== next.iceConnection) {
    if (next.iceConnection === 'completed' && old.iceConnection !== 'connected') {
      // Browsers pass through "connected", and that is what pages wait for.
      states.iceConnection = 'connected';
      arrayPush(transportEvents, () => {
        fire(object, 'iceconnectionstatechange');
        states.iceConnection = 'completed';
      });
    }
    arrayPush(transportEvents, changed('iceconnectionstatechange'));
  }
  if (old.connection !== next.connection) arrayPush(transportEvents, changed('connectionstatechange'));
  if (old.iceGathering !== next.iceGathering) arrayPush(transportEvents, changed('icegatheringstatechange'));
}

/**
 * Transport events come before those of the connection (section 5.6).
 * @param {Connection} connection
 * @param {any} next the protocol's Transport
 * @param {(() => void)[]} events
 */
function takeTransport(connection, next, events) {
  const { transport } = connection;
  if (!transport) {
    connection.transport = new Transport(next);
    return;
  }
  const old = transport.state;
  transport.state = next;
  if (old.gatheringState !== next.gatheringState) arrayPush(events, () => fire(transport.ice, 'gatheringstatechange'));
  if (old.iceState !== next.iceState) arrayPush(events, () => fire(transport.ice, 'statechange'));
  if (pairKey(old.selectedPair) !== pairKey(next.selectedPair)) {
    arrayPush(events, () => fire(transport.ice, 'selectedcandidatepairchange'));
  }
  if (old.dtlsState !== next.dtlsState) arrayPush(events, () => fire(transport.dtls, 'statechange'));
}

/** @param {any} pair the protocol's CandidatePair */
function pairKey(pair) {
  return pair ? `${pair.local.candidate}\n${pair.remote.candidate}` : '';
}

/**
 * @param {Connection} connection
 * @param {any} next the protocol's SCTP
 * @param {(() => void)[]} events
 */
function takeSctp(connection, next, events) {
  const { sctp } = connection;
  if (!sctp) {
    connection.sctp = new Sctp(next, () => connection.transport?.dtls ?? null);
    return;
  }
  const old = sctp.state;
  sctp.state = next;
  if (old.state !== next.state) arrayPush(events, () => fire(sctp.object, 'statechange'));
}

/**
 * Those that the page has created and the endpoint has not processed stay, at
 * the end.
 * @param {Connection} connection
 * @param {any} section the protocol's Transceivers
 * @param {RemoteTracks} tracks
 */
function takeTransceivers(connection, { list = [], removed = [] }, tracks) {
  const { transceivers } = connection;
  const byId = (/** @type {string} */ id) =>
    arrayFind(transceivers, (/** @type {Transceiver} */ each) => each.id === id);
  /** @type {Transceiver[]} */
  const next = [];
  for (const entry of list) {
    const known = byId(entry.id);
    const transceiver = known ?? new Transceiver(connection, {
      id: entry.id, kind: entry.kind === 'video' ? 'video' : 'audio', direction: entry.direction,
      remoteTrack: entry.receiver?.track,
    });
    take(transceiver, entry, tracks);
    arrayPush(next, transceiver);
  }
  arrayForEach(transceivers, (/** @type {Transceiver} */ each) => {
    if (arrayIncludes(next, each)) return;
    if (arrayIncludes(removed, each.id)) remove(each, tracks);
    else arrayPush(next, each);
  });
  connection.transceivers = next;
}

/**
 * @param {Transceiver} transceiver
 * @param {any} entry the protocol's Transceiver
 * @param {RemoteTracks} tracks
 */
function take(transceiver, entry, tracks) {
  const { sender, receiver } = transceiver;
  transceiver.mid = entry.mid ?? null;
  transceiver.seenDirection = entry.direction;
  transceiver.takeDirection();
  transceiver.currentDirection = entry.currentDirection ?? null;
  if (sends(transceiver.currentDirection)) transceiver.hasSent = true;
  if (entry.sender?.parameters) sender.parameters = entry.sender.parameters;
  if (sender.dtmf) sender.dtmf.canInsert = entry.sender?.canInsertDTMF === true;
  if (entry.receiver?.parameters) receiver.parameters = entry.receiver.parameters;
  tracks.take(receiver, transceiver.firedDirection, entry);
  transceiver.firedDirection = entry.firedDirection ?? null;
  if ((entry.stopped || entry.stopping) && !transceiver.stopping) stop(transceiver, tracks);
  if (entry.stopped) transceiver.stopped = true;
}

/** @param {Transceiver} transceiver @param {RemoteTracks} tracks */
function stop(transceiver, tracks) {
  transceiver.stopping = true;
  transceiver.direction = 'stopped';
  tracks.end(transceiver.receiver);
}

/** @param {Transceiver} transceiver @param {RemoteTracks} tracks */
function remove(transceiver, tracks) {
  tracks.take(transceiver.receiver, transceiver.firedDirection, {});
  transceiver.firedDirection = null;
  transceiver.mid = null;
  if (!transceiver.stopping) stop(transceiver, tracks);
  transceiver.stopped = true;
}

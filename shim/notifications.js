/**
 * What the endpoint says by itself, brought to the object that it concerns.
 * @module
 */
import { RTCPeerConnectionIceErrorEvent, RTCPeerConnectionIceEvent, arrayFind } from './natives.js';
import { on, onLink } from './channel.js';
import { failConnection } from './close.js';
import { connectionOf, openConnections } from './connection.js';
import { Channel } from './data-channel.js';
import { fire } from './event-target.js';
import { candidateObject } from './ice-candidate.js';
import { RTCDataChannelEvent } from './peer-events.js';
import { Method } from './protocol.gen.js';

/** @typedef {import('./connection.js').Connection} Connection */

/**
 * @param {string} method
 * @param {(connection: Connection, params: any) => void} handler
 */
function follow(method, handler) {
  on(method, (params) => {
    const connection = connectionOf(params.pc);
    if (!connection || connection.lost) return;
    connection.apply(params.snapshot);
    if (!connection.closed) handler(connection, params);
  });
}

/** Follows all notifications about peer connections. Called once. */
export function followConnections() {
  follow(Method.PCChanged, () => undefined);
  follow(Method.PCIceCandidate, ({ object }, { candidate }) => {
    fire(object, new RTCPeerConnectionIceEvent('icecandidate', {
      candidate: candidate ? candidateObject(candidate) : null, ...candidate?.url && { url: candidate.url },
    }));
  });
  follow(Method.PCIceCandidateError, ({ object }, { address, port, url, errorCode, errorText }) => {
    fire(object, new RTCPeerConnectionIceErrorEvent('icecandidateerror', {
      address: address ?? null, port: port || null, hostCandidate: address ? `${address}:${port || 0}` : '', url, errorCode, errorText,
    }));
  });
  follow(Method.PCDataChannel, announceChannel);
  follow(Method.DTMFToneChange, (connection, { transceiver, tone, remaining }) => {
    transceiverOf(connection, transceiver)?.sender.dtmf?.changeTone(`${tone}`, `${remaining}`);
  });
  follow(Method.ReceiverSources, (connection, { transceiver, sources }) => {
    transceiverOf(connection, transceiver)?.receiver.setSources(sources ?? []);
  });
  follow(Method.DataChannelChanged, ({ channels }, { channel, state, id, error }) => {
    channels.get(channel)?.change(state, id, error);
  });
  follow(Method.DataChannelMessage, ({ channels }, params) => {
    channels.get(params.channel)?.receive(params);
  });
  follow(Method.DataChannelBufferedAmount, ({ channels }, { channel, sent }) => {
    channels.get(channel)?.outbox.depart(sent);
  });
  onLink((state, reason) => {
    if (state === 'lost') for (const connection of openConnections()) failConnection(connection, reason);
  });
}

/**
 * WebRTC 1.0, section 6.2.2: the channel opens after the event has fired, so
 * that the page can listen.
 * @param {Connection} connection
 * @param {any} params the protocol's PCDataChannelEvent
 */
function announceChannel(connection, { channel: id, options, state }) {
  const channel = new Channel(connection, id, options, state);
  fire(connection.object, new RTCDataChannelEvent('datachannel', { channel: channel.object }));
  if (state === 'open' && channel.state === 'open') fire(channel.object, 'open');
}

/**
 * @param {Connection} connection
 * @param {string} id
 */
function transceiverOf({ transceivers }, id) {
  return arrayFind(transceivers, (/** @type {any} */ each) => each.id === id);
}

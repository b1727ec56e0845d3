/**
 * How a peer connection ends: by the page (WebRTC 1.0, section 4.4.2, "close
 * the connection") or with the link.
 * @module
 */
import { arrayForEach, arrayFrom } from './natives.js';
import { requestWith } from './channel.js';
import { fire } from './event-target.js';
import { Method } from './protocol.gen.js';
import { queueTask } from './tasks.js';

/**
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {import('./data-channel.js').Channel} Channel
 * @typedef {import('./transceiver.js').Transceiver} Transceiver
 */

/**
 * Closes at once; nothing fires on the connection afterwards and what is
 * pending never settles. Tracks end and channels close in a later task, as in
 * Chromium.
 * @param {Connection} connection
 */
export function closeConnection(connection) {
  if (connection.closed) return;
  connection.closed = true;
  connection.forget();
  if (!connection.lost) requestWith(Method.PCClose, { pc: connection.id });
  connection.states = {
    ...connection.states, signaling: 'closed', iceConnection: 'closed', connection: 'closed', negotiationNeeded: false,
  };
  closeTransports(connection, 'closed');
  arrayForEach(connection.transceivers, (/** @type {Transceiver} */ transceiver) => {
    transceiver.stopping = true;
    transceiver.stopped = true;
    transceiver.direction = 'stopped';
  });
  queueTask(() => {
    arrayForEach(connection.transceivers, (/** @type {Transceiver} */ { receiver }) => receiver.end());
    closeChannels(connection, undefined);
  });
}

/**
 * Ends what the endpoint has of a connection that goes on without it. The page
 * sees nothing of it.
 * @param {Connection} connection
 */
export function leaveEndpoint(connection) {
  connection.closed = true;
  connection.forget();
  if (!connection.lost) requestWith(Method.PCClose, { pc: connection.id });
  arrayForEach(connection.transceivers, (/** @type {Transceiver} */ { receiver }) => receiver.leave());
}

/**
 * Fails a connection that the endpoint has forgotten: what the specification
 * says for ICE and DTLS that fail, then channels close.
 * @param {Connection} connection
 * @param {string} reason
 */
export function failConnection(connection, reason) {
  const { object, states } = connection;
  if (connection.lost) return;
  connection.lost = reason || 'The connection to the endpoint was lost.';
  connection.states = { ...states, iceConnection: 'failed', connection: 'failed', negotiationNeeded: false };
  const { transport } = connection;
  closeTransports(connection, 'failed');
  const events = [
    () => transport && fire(transport.ice, 'statechange'),
    () => transport && fire(transport.dtls, 'statechange'),
    () => states.iceConnection !== 'failed' && fire(object, 'iceconnectionstatechange'),
    () => states.connection !== 'failed' && fire(object, 'connectionstatechange'),
    () => arrayForEach(connection.transceivers, (/** @type {Transceiver} */ { receiver }) => receiver.end()),
    () => closeChannels(connection, { name: 'RTCError', detail: 'data-channel-failure', message: connection.lost }),
  ];
  for (const event of events) if (!connection.closed) event();
}

/**
 * @param {Connection} connection
 * @param {'closed'|'failed'} state
 */
function closeTransports({ transport, sctp }, state) {
  if (transport) transport.state = { ...transport.state, iceState: state, dtlsState: state };
  if (sctp) sctp.state = { ...sctp.state, state: 'closed' };
}

/**
 * @param {Connection} connection
 * @param {any} error the protocol's Error, or undefined
 */
function closeChannels({ channels }, error) {
  arrayForEach(arrayFrom(channels.values()), (/** @type {Channel} */ channel) => {
    channel.change('closing', undefined, undefined);
    channel.change('closed', undefined, error);
  });
}

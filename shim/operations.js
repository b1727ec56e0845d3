/**
 * How requests of a peer connection are sent and their replies handled. All
 * are pipelined: the endpoint takes them strictly in order, which makes it the
 * operations chain of WebRTC 1.0, section 4.4.1.2.
 *
 * For each reply the snapshot is applied, the events that follow from it fire,
 * and then the promise settles, all in one task.
 *
 * @module
 */
import { Promise, warn } from './natives.js';
import { requestWith } from './channel.js';
import { domException } from './errors.js';
import { updateNegotiation } from './negotiation.js';

/** @typedef {import('./connection.js').Connection} Connection */

/**
 * Sends a request of a connection. Closing the connection abandons it.
 * @param {Connection} connection
 * @param {string} method
 * @param {object} params without pc
 * @param {{onResult: (result: any) => void, onError: (error: Error) => void}} callbacks
 * @param {() => void} [onClose] runs when the connection is closed before the reply
 */
export function send(connection, method, params, { onResult, onError }, onClose = nothing) {
  const { unanswered } = connection;
  const answered = (/** @type {(value: any) => void} */ callback) => (/** @type {any} */ value) => {
    if (unanswered.delete(end)) callback(value);
  };
  const abandon = requestWith(method, { pc: connection.id, ...params }, {
    onResult: answered(onResult), onError: answered(onError),
  });
  const end = () => {
    abandon();
    onClose();
  };
  unanswered.add(end);
}

/**
 * Sends a request whose outcome the page awaits. The promise never settles
 * when the connection is closed first.
 * @param {Connection} connection
 * @param {string} method
 * @param {object} params without pc
 * @param {{chained?: boolean, result?: (reply: any) => any}} [options] chained: part of the chain of
 *   operations; result: what the promise resolves with, called after the events
 * @returns {Promise<any>}
 */
export function operate(connection, method, params, { chained = false, result = nothing } = {}) {
  return new Promise((/** @type {(value: any) => void} */ resolve, /** @type {(reason: any) => void} */ reject) => {
    if (connection.lost) {
      reject(domException('OperationError', connection.lost));
      return;
    }
    if (chained) connection.chain++;
    const settle = (/** @type {() => void} */ steps) => {
      if (chained) connection.chain--;
      steps();
      if (chained) updateNegotiation(connection);
    };
    send(connection, method, params, {
      onResult: (reply) => settle(() => {
        connection.apply(reply.snapshot);
        resolve(result(reply));
      }),
      onError: (error) => settle(() => reject(error)),
    });
  });
}

/**
 * Sends a request that the page does not wait for.
 * @param {Connection} connection
 * @param {string} method
 * @param {object} params without pc
 * @param {() => void} [done] runs before the reply's snapshot is applied
 */
export function tell(connection, method, params, done = nothing) {
  if (connection.lost || connection.closed) return;
  send(connection, method, params, {
    onResult: (reply) => {
      done();
      connection.apply(reply.snapshot);
    },
    onError: (error) => {
      if (connection.lost) return;
      done();
      warn(`Nearend: ${method} was refused.`, error);
    },
  });
}

/**
 * Throws when the connection is closed.
 * @param {Connection} connection
 */
export function refuseClosed(connection) {
  if (connection.closed) {
    throw domException('InvalidStateError', "The RTCPeerConnection's signalingState is 'closed'.");
  }
}

function nothing() {
  return undefined;
}

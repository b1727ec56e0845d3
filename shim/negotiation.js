/**
 * When negotiationneeded fires (WebRTC 1.0, section 4.7.3). The endpoint keeps
 * the flag; the page fires the event, because only the page knows what it has
 * asked for meanwhile.
 * @module
 */
import { fire } from './event-target.js';
import { queueTask } from './tasks.js';

/** @typedef {import('./connection.js').Connection} Connection */

/**
 * Takes a new value of the flag.
 * @param {Connection} connection after its states were replaced
 * @param {string} before the signaling state so far
 */
export function negotiationChanged(connection, before) {
  const { negotiationNeeded, signaling } = connection.states;
  // Reaching "stable" clears the flag and computes it anew (section 4.4.1.5),
  // so that a flag which is true again has not fired yet.
  if (!negotiationNeeded || (signaling === 'stable' && before !== 'stable')) connection.negotiationFired = false;
}

/** @param {Connection} connection */
function due(connection) {
  return !connection.closed && connection.chain === 0 && connection.states.signaling === 'stable'
    && connection.states.negotiationNeeded && !connection.negotiationFired;
}

/**
 * Queues the task that fires the event if it is still due then: what the page
 * does first (createOffer in the reaction to a promise) holds it back.
 * @param {Connection} connection
 */
export function updateNegotiation(connection) {
  if (connection.negotiationQueued || !due(connection)) return;
  connection.negotiationQueued = true;
  queueTask(() => {
    connection.negotiationQueued = false;
    if (!due(connection)) return;
    connection.negotiationFired = true;
    fire(connection.object, 'negotiationneeded');
  });
}

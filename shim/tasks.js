/**
 * Tasks of the event loop.
 * @module
 */
import { MessageChannel, addEventListener, closePort, postMessage, startPort } from './natives.js';

/**
 * Queues a task (HTML, section 8.1.7). A message port rather than a timer,
 * because browsers throttle the timers of pages in the background.
 * @param {() => void} steps
 */
export function queueTask(steps) {
  const { port1, port2 } = new MessageChannel();
  addEventListener(port1, 'message', () => {
    closePort(port1);
    steps();
  });
  startPort(port1);
  postMessage(port2, null);
}

/**
 * Why the native messaging host cannot be reached, in words that say what to
 * do.
 *
 * @module
 */

/**
 * @typedef {object} LinkFault
 * @property {string} summary what happened, one sentence
 * @property {string} action what to do, one sentence
 */

const TRY_AGAIN = 'Start the call again. If it keeps happening, collect the logs and send them to your support.';
const INSTALL = 'Run "nativehost install" on this computer and try again.';

/** @type {Readonly<LinkFault>} */
const ENDED_AT_ONCE = Object.freeze({
  summary: 'The native messaging host ended as soon as it was started.',
  action: 'Try again. If it keeps happening, run "nativehost" in a terminal to see why.',
});

/**
 * What the browser says (Chromium, native_message_process_host.cc) and what it
 * means.
 * @type {[RegExp, LinkFault][]}
 */
const DISCONNECTS = [
  [/host not found/i, { summary: 'The native messaging host is not installed for this browser.', action: INSTALL }],
  [/forbidden/i, { summary: 'The native messaging host does not accept this extension.', action: INSTALL }],
  [/failed to start/i, {
    summary: 'The native messaging host could not be started.',
    action: 'Its program may have been moved or removed. Run "nativehost install" again and try again.',
  }],
  [/disabled by the system administrator/i, {
    summary: 'The administrator\'s policy does not let this browser use the native messaging host.',
    action: 'Ask your administrator to allow com.nearend.nativehost (NativeMessagingAllowlist).',
  }],
  [/error when communicating/i, {
    summary: 'The native messaging host sent something that the browser could not read.',
    action: 'Extension and native messaging host may not fit together. Install the same version of both.',
  }],
  [/exited/i, { summary: 'The native messaging host has ended.', action: TRY_AGAIN }],
];

/**
 * @param {string} reason the browser's message, empty when there is none
 * @param {boolean} [starting] it has not answered hello yet
 * @returns {LinkFault}
 */
export function faultOfDisconnect(reason, starting = false) {
  if (starting && /exited/i.test(reason)) return ENDED_AT_ONCE;
  for (const [pattern, fault] of DISCONNECTS) if (pattern.test(reason)) return fault;
  return { summary: 'The connection to the native messaging host was lost.', action: TRY_AGAIN };
}

const SAME_VERSION = 'Install the same version of the extension and the native messaging host.';

/**
 * It answered hello, but in another version.
 * @type {Readonly<LinkFault>}
 */
export const OTHER_VERSION = Object.freeze({
  summary: 'The native messaging host speaks another version of the protocol.',
  action: SAME_VERSION,
});

/**
 * It was started, but hello failed.
 * @param {Error} error as the native messaging host named it, or TimeoutError
 * @returns {LinkFault}
 */
export function faultOfHello({ name, message }) {
  switch (name) {
    case 'TimeoutError':
      return {
        summary: 'The native messaging host was started but does not answer.',
        action: 'Try again. If it keeps happening, run "nativehost install" again and collect the logs.',
      };
    case 'NetworkError':
      return { summary: `The native messaging host runs, but ${sentence(message)}`, action: TRY_AGAIN };
    default:
      return { summary: `The native messaging host refused the connection: ${sentence(message)}`, action: SAME_VERSION };
  }
}

/** @param {string} text */
function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * The native messaging host is there, the endpoint behind it is not.
 * @param {string} reason in the words of the native messaging host
 * @returns {LinkFault}
 */
export function faultOfLink(reason) {
  return { summary: reason || 'The endpoint cannot be reached.', action: '' };
}

/**
 * @param {LinkFault} fault
 * @returns {string} both sentences
 */
export function wordsOf({ summary, action }) {
  return action ? `${summary} ${action}` : summary;
}

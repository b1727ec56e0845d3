/**
 * The state of a tab, as icon and popup show it.
 *
 * @module
 */

/** @typedef {'off'|'ready'|'call'|'unreachable'} TabState */

/** @type {Readonly<Record<TabState, string>>} */
export const WORDS = Object.freeze({
  off: 'This site is not redirected',
  ready: 'Ready',
  call: 'A call is being redirected.',
  unreachable: 'Cannot reach the native messaging host',
});

/**
 * @param {object} about
 * @param {boolean} about.redirected whether the policy redirects the tab's own site
 * @param {number} about.documents documents in the tab that the policy redirects
 * @param {boolean} about.inCall whether a document of the tab has a call
 * @param {import('./native-port.js').Link['state']} about.link
 * @returns {TabState}
 */
export function tabState({ redirected, documents, inCall, link }) {
  if (inCall) return 'call';
  if (link === 'lost' && (redirected || documents > 0)) return 'unreachable';
  return documents > 0 ? 'ready' : 'off';
}
